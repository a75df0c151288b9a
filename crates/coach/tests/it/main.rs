//! The domain, tried through the doors that callers take: the contract's SQL functions and tables on a real PostgreSQL.

mod workout_plan;
