// Settings: what this process runs with, and where each can be set. Secrets are masked before they come here.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { settingsQuery, type Setting } from '../api/plans';
import { Command } from '../pieces/command';
import { Empty } from '../pieces/empty';
import { Loaded } from '../pieces/loaded';
import { Marked } from '../pieces/marked';
import { Page, Panel } from '../pieces/page';
import { DataTable, type Column } from '../pieces/table';
import './-settings/settings.css';

export const Route = createFileRoute('/settings')({
  component: Settings,
  validateSearch: (search: Record<string, unknown>): { text?: string } => ({
    text: typeof search.text === 'string' && search.text !== '' ? search.text : undefined,
  }),
});

const COLUMNS: Column<Setting>[] = [
  { id: 'name', header: 'Setting', cell: (setting) => <Name setting={setting} />, sort: (setting) => setting.name },
  { id: 'value', header: 'Value', cell: (setting) => <Value value={setting.value} /> },
  { id: 'variable', header: 'Environment', cell: (setting) => <code>{setting.variable}</code>, sort: (setting) => setting.variable },
];

function Settings() {
  const { text = '' } = Route.useSearch();
  const navigate = Route.useNavigate();
  const change = (next: string) => void navigate({ search: { text: next || undefined }, replace: true });
  return (
    <Page title="Settings">
      <p className="settings-where">
        These are the settings of the process that serves this page; each worker has its own. A flag wins over the environment, the
        environment over <code>mesocycle.toml</code>, the file over the default. A change takes a restart.{' '}
        <Command text="mesocycle settings > mesocycle.toml" />
      </p>
      <label className="field" style={{ maxWidth: '24rem' }}>
        <span>Name, variable or meaning</span>
        <input className="input" type="search" value={text} spellCheck={false} onChange={(event) => change(event.target.value)} />
      </label>
      <Panel title="All settings">
        <Loaded query={useQuery(settingsQuery)}>
          {(settings) => <Fitting settings={settings.data.filter((setting) => fits(setting, text))} text={text} />}
        </Loaded>
      </Panel>
    </Page>
  );
}

function Fitting({ settings, text }: { settings: Setting[]; text: string }) {
  if (settings.length > 0) return <DataTable label="Settings" columns={COLUMNS} rows={settings} id={(setting) => setting.name} />;
  if (text !== '') return <Empty title="No setting fits">Try a part of a name, such as dollars, or of a variable, such as OPENAI.</Empty>;
  return <Empty title="This server was started without settings to show" command="mesocycle settings" />;
}

function Name({ setting }: { setting: Setting }) {
  return (
    <div className="setting">
      <Link to="/settings" search={{ text: setting.name }} className="mono" data-row>
        {setting.name}
      </Link>
      <small>
        <Marked text={setting.meaning} />
      </small>
    </div>
  );
}

function Value({ value }: { value: string | null }) {
  if (value === null) return <span className="setting-unset">unset</span>;
  if (value === '***') return <span title="A secret: it is not shown">••• set</span>;
  return <code className="setting-value">{value}</code>;
}

function fits(setting: Setting, text: string): boolean {
  return `${setting.name} ${setting.variable} ${setting.meaning}`.toLowerCase().includes(text.toLowerCase());
}
