//! The fields that a selection asks for: fragments unfolded, `@include` and `@skip` obeyed, fields of one name merged.

use std::sync::atomic::{AtomicUsize, Ordering};

use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, DirectiveList, Field, Selection};

use super::error::GraphqlError;
use super::input::Input;
use super::request::Request;

/// How many selections may be visited for one request: fragments can name each other many times over.
const VISITS: usize = 5_000;
/// How deep fragments may stand in each other, so that a ring of them ends.
const DEPTH: usize = 64;

/// A field that is asked for, under one key of the answer.
#[derive(Debug)]
pub(super) struct Wanted<'r> {
    /// The key: the alias, or the field's name.
    pub(super) key: &'r str,
    pub(super) name: &'r str,
    pub(super) arguments: &'r [Node<Argument>],
    /// What is asked of it, in as many pieces as it was named.
    pub(super) selections: Vec<&'r [Selection]>,
}

/// Unfolds the selections of one request, and counts.
pub(super) struct Unfold<'r> {
    pub(super) request: &'r Request,
    visits: AtomicUsize,
}

impl<'r> Unfold<'r> {
    pub(super) fn new(request: &'r Request) -> Self {
        Self {
            request,
            visits: AtomicUsize::new(0),
        }
    }

    /// The fields that `selections` ask of a value of type `type_name`; `is_node` when the type implements `Node`.
    ///
    /// # Errors
    /// When a fragment is missing or names itself, fields contradict each other, or it is all too much.
    pub(super) fn fields(
        &self,
        selections: &[&'r [Selection]],
        type_name: &str,
        is_node: bool,
    ) -> Result<Vec<Wanted<'r>>, GraphqlError> {
        let mut wanted = Vec::new();
        let applies = |condition: &str| condition == type_name || is_node && condition == "Node";
        for selections in selections {
            self.unfold(selections, &applies, DEPTH, &mut wanted)?;
        }
        Ok(wanted)
    }

    /// The same of a field, which must ask for something.
    ///
    /// # Errors
    /// As [`fields`](Self::fields), and when nothing is asked for.
    pub(super) fn fields_of(
        &self,
        field: &Wanted<'r>,
        type_name: &str,
        is_node: bool,
    ) -> Result<Vec<Wanted<'r>>, GraphqlError> {
        if field
            .selections
            .iter()
            .all(|selections| selections.is_empty())
        {
            return Err(GraphqlError::new(format!(
                "Field {:?} of type {type_name} must have a selection of subfields",
                field.name
            )));
        }
        self.fields(&field.selections, type_name, is_node)
    }

    fn unfold(
        &self,
        selections: &'r [Selection],
        applies: &dyn Fn(&str) -> bool,
        depth: usize,
        wanted: &mut Vec<Wanted<'r>>,
    ) -> Result<(), GraphqlError> {
        let depth = depth
            .checked_sub(1)
            .ok_or_else(|| GraphqlError::new("Found a cycle between fragments"))?;
        for selection in selections {
            self.count()?;
            if !self.is_included(directives(selection))? {
                continue;
            }
            match selection {
                Selection::Field(field) => merge(field, wanted)?,
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_deref();
                    if condition.is_none_or(applies) {
                        self.unfold(&fragment.selection_set, applies, depth, wanted)?;
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.fragment_name;
                    let fragment = self.request.fragments.get(name).ok_or_else(|| {
                        GraphqlError::new(format!("There is no fragment named {name}"))
                    })?;
                    if applies(&fragment.type_condition) {
                        self.unfold(&fragment.selection_set, applies, depth, wanted)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn count(&self) -> Result<(), GraphqlError> {
        if self.visits.fetch_add(1, Ordering::Relaxed) < VISITS {
            Ok(())
        } else {
            Err(GraphqlError::too_large("it has too many fields"))
        }
    }

    fn is_included(&self, directives: &DirectiveList) -> Result<bool, GraphqlError> {
        for directive in &directives.0 {
            let wanted_if = match directive.name.as_str() {
                "include" => true,
                "skip" => false,
                unknown => {
                    return Err(GraphqlError::new(format!("Unknown directive @{unknown}")));
                }
            };
            let condition = match directive.arguments.as_slice() {
                [argument] if argument.name == "if" => {
                    Input::of_literal(&argument.value, &self.request.variables)?
                }
                _ => None,
            };
            match condition {
                Some(Input::Boolean(condition)) if condition == wanted_if => {}
                Some(Input::Boolean(_)) => return Ok(false),
                _ => {
                    return Err(GraphqlError::new(format!(
                        "The directive @{} takes one argument: if, which is true or false",
                        directive.name
                    )));
                }
            }
        }
        Ok(true)
    }
}

fn directives(selection: &Selection) -> &DirectiveList {
    match selection {
        Selection::Field(field) => &field.directives,
        Selection::FragmentSpread(spread) => &spread.directives,
        Selection::InlineFragment(fragment) => &fragment.directives,
    }
}

fn merge<'r>(field: &'r Node<Field>, wanted: &mut Vec<Wanted<'r>>) -> Result<(), GraphqlError> {
    let key = field.alias.as_ref().unwrap_or(&field.name).as_str();
    let Some(known) = wanted.iter_mut().find(|known| known.key == key) else {
        wanted.push(Wanted {
            key,
            name: &field.name,
            arguments: &field.arguments,
            selections: vec![&field.selection_set],
        });
        return Ok(());
    };
    if known.name != field.name.as_str() || known.arguments != field.arguments.as_slice() {
        return Err(GraphqlError::new(format!(
            "Fields {key:?} conflict: they have the same name or alias and ask for different things"
        )));
    }
    known.selections.push(&field.selection_set);
    Ok(())
}
