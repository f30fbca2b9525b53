//! The description of a table, from which the SQL of each database is written.

use sea_orm_migration::sea_orm::DbBackend;

mod change;

pub use self::change::{Change, check_foreign_keys, force_policies};

/// The largest amount of money that is stored, in minor units: sums of a thousand such amounts still fit an `i64`.
pub const MINOR_MAX: i64 = 9_000_000_000_000_000;
/// The largest quantity, unit price or rate that is stored, in 10⁻⁶.
pub const MICRO_MAX: i64 = 9_000_000_000_000_000;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Uuid,
    Text,
    /// Text that is sorted by its bytes on both databases.
    SortText,
    BigInt,
    Integer,
    Boolean,
    Date,
    Instant,
    Json,
}

#[derive(Debug)]
struct Column {
    name: &'static str,
    of: Type,
    required: bool,
    check: Option<String>,
}

/// Who may do what to the rows of a business table, beside reading and inserting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Rows stay as they are.
    Append,
    /// Rows may be changed.
    Update,
    /// Rows may be changed and deleted: parts of a draft.
    Delete,
}

/// One table.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Whether it belongs to tenants.
    pub business: bool,
    /// What the server may do to its rows.
    pub rights: Rights,
    key: &'static str,
    columns: Vec<Column>,
    references: Vec<(&'static str, &'static str)>,
    unique: Vec<&'static str>,
    indexes: Vec<&'static str>,
    checks: Vec<&'static str>,
}

impl Table {
    fn new(name: &'static str, business: bool, rights: Rights, key: &'static str) -> Self {
        Self {
            name,
            business,
            rights,
            key,
            columns: Vec::new(),
            references: Vec::new(),
            unique: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// The tables of before, with those that are different in their place, and those that are new.
    pub(crate) fn replaced(before: Vec<Self>, changed: Vec<Self>, new: Vec<Self>) -> Vec<Self> {
        let stays = |table: &Self| changed.iter().all(|newer| newer.name != table.name);
        let stay: Vec<Self> = before.into_iter().filter(stays).collect();
        stay.into_iter().chain(changed).chain(new).collect()
    }

    /// A table that stands above tenants; `key` names the columns of its primary key.
    #[must_use]
    pub fn control(name: &'static str, key: &'static str) -> Self {
        Self::new(name, false, Rights::Delete, key)
    }

    /// A part of a document: `tenant_id`, `id`.
    #[must_use]
    pub fn part(name: &'static str, rights: Rights) -> Self {
        Self::new(name, true, rights, "tenant_id, id").uuid("tenant_id").uuid("id")
    }

    /// What is written once: `tenant_id`, `id`, `created_…`.
    #[must_use]
    pub fn append_only(name: &'static str) -> Self {
        Self::part(name, Rights::Append).instant("created_at").stamp("created_by")
    }

    /// What the rules write: `tenant_id`, `id`, `created_…`, `updated_…`.
    #[must_use]
    pub fn row(name: &'static str) -> Self {
        let mut table = Self::append_only(name).instant("updated_at").stamp("updated_by");
        table.rights = Rights::Update;
        table
    }

    /// What people edit: as a row, and `version`, `archived_at`.
    #[must_use]
    pub fn record(name: &'static str) -> Self {
        Self::row(name).integer("version").optional_instant("archived_at")
    }

    /// `source` and `external_id`, unique together: where an imported row comes from.
    #[must_use]
    pub fn imported(self) -> Self {
        self.optional_text("source").optional_text("external_id").unique("source, external_id")
    }

    fn column(mut self, name: &'static str, of: Type, required: bool, check: Option<String>) -> Self {
        self.columns.push(Column { name, of, required, check });
        self
    }

    fn stamp(self, name: &'static str) -> Self {
        self.optional_uuid(name).references(name, "membership")
    }

    /// A required UUID.
    #[must_use]
    pub fn uuid(self, name: &'static str) -> Self {
        self.column(name, Type::Uuid, true, None)
    }

    /// A UUID or nothing.
    #[must_use]
    pub fn optional_uuid(self, name: &'static str) -> Self {
        self.column(name, Type::Uuid, false, None)
    }

    /// A required id of a row of another table of the same tenant.
    #[must_use]
    pub fn link(self, name: &'static str, table: &'static str) -> Self {
        self.uuid(name).references(name, table)
    }

    /// An id of a row of another table of the same tenant, or nothing.
    #[must_use]
    pub fn optional_link(self, name: &'static str, table: &'static str) -> Self {
        self.optional_uuid(name).references(name, table)
    }

    /// A required text.
    #[must_use]
    pub fn text(self, name: &'static str) -> Self {
        self.column(name, Type::Text, true, None)
    }

    /// A text or nothing.
    #[must_use]
    pub fn optional_text(self, name: &'static str) -> Self {
        self.column(name, Type::Text, false, None)
    }

    /// A required text that lists are sorted by.
    #[must_use]
    pub fn sort_text(self, name: &'static str) -> Self {
        self.column(name, Type::SortText, true, None)
    }

    /// One of a closed set of texts.
    #[must_use]
    pub fn one_of(self, name: &'static str, values: &[&str]) -> Self {
        let check = format!("{name} in ('{}')", values.join("', '"));
        self.column(name, Type::Text, true, Some(check))
    }

    /// One of a closed set of texts, or nothing.
    #[must_use]
    pub fn optional_one_of(self, name: &'static str, values: &[&str]) -> Self {
        let check = format!("{name} in ('{}')", values.join("', '"));
        self.column(name, Type::Text, false, Some(check))
    }

    /// An ISO 4217 code.
    #[must_use]
    pub fn currency(self, name: &'static str) -> Self {
        self.column(name, Type::Text, true, Some(format!("length({name}) = 3")))
    }

    /// An amount of money in minor units, of either sign.
    #[must_use]
    pub fn minor(self, name: &'static str) -> Self {
        self.column(name, Type::BigInt, true, Some(between(name, -MINOR_MAX, MINOR_MAX)))
    }

    /// An amount of money in minor units that isn't negative.
    #[must_use]
    pub fn positive_minor(self, name: &'static str) -> Self {
        self.column(name, Type::BigInt, true, Some(between(name, 0, MINOR_MAX)))
    }

    /// An amount of money in minor units that isn't negative, or nothing.
    #[must_use]
    pub fn optional_minor(self, name: &'static str) -> Self {
        self.column(name, Type::BigInt, false, Some(between(name, 0, MINOR_MAX)))
    }

    /// An amount of money in minor units of either sign, or nothing.
    #[must_use]
    pub fn optional_signed_minor(self, name: &'static str) -> Self {
        self.column(name, Type::BigInt, false, Some(between(name, -MINOR_MAX, MINOR_MAX)))
    }

    /// A quantity, price, rate or number of hours in 10⁻⁶ that isn't negative.
    #[must_use]
    pub fn micro(self, name: &'static str) -> Self {
        self.column(name, Type::BigInt, true, Some(between(name, 0, MICRO_MAX)))
    }

    /// The same, or nothing.
    #[must_use]
    pub fn optional_micro(self, name: &'static str) -> Self {
        self.column(name, Type::BigInt, false, Some(between(name, 0, MICRO_MAX)))
    }

    /// A share in basis points, from 0 to 100%.
    #[must_use]
    pub fn basis_points(self, name: &'static str) -> Self {
        self.column(name, Type::Integer, true, Some(between(name, 0, 10_000)))
    }

    /// A counter.
    #[must_use]
    pub fn big_integer(self, name: &'static str) -> Self {
        self.column(name, Type::BigInt, true, Some(format!("{name} >= 0")))
    }

    /// A small whole number.
    #[must_use]
    pub fn integer(self, name: &'static str) -> Self {
        self.column(name, Type::Integer, true, Some(format!("{name} >= 0")))
    }

    /// Yes or no.
    #[must_use]
    pub fn boolean(self, name: &'static str) -> Self {
        self.column(name, Type::Boolean, true, None)
    }

    /// A day.
    #[must_use]
    pub fn date(self, name: &'static str) -> Self {
        self.column(name, Type::Date, true, None)
    }

    /// A day or nothing.
    #[must_use]
    pub fn optional_date(self, name: &'static str) -> Self {
        self.column(name, Type::Date, false, None)
    }

    /// An instant in UTC.
    #[must_use]
    pub fn instant(self, name: &'static str) -> Self {
        self.column(name, Type::Instant, true, None)
    }

    /// An instant in UTC or nothing.
    #[must_use]
    pub fn optional_instant(self, name: &'static str) -> Self {
        self.column(name, Type::Instant, false, None)
    }

    /// JSON.
    #[must_use]
    pub fn json(self, name: &'static str) -> Self {
        self.column(name, Type::Json, true, None)
    }

    /// JSON or nothing.
    #[must_use]
    pub fn optional_json(self, name: &'static str) -> Self {
        self.column(name, Type::Json, false, None)
    }

    /// Its foreign keys: the column, and the table whose id it holds.
    pub fn referred(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.references.iter().copied()
    }

    /// A foreign key to `table`. Between tables that have a tenant it is composite and starts with the tenant.
    #[must_use]
    pub fn references(mut self, column: &'static str, table: &'static str) -> Self {
        self.references.push((column, table));
        self
    }

    /// Columns whose values are unique (within the tenant, where the table has one).
    #[must_use]
    pub fn unique(mut self, columns: &'static str) -> Self {
        self.unique.push(columns);
        self
    }

    /// An index (within the tenant, where the table has one).
    #[must_use]
    pub fn index(mut self, columns: &'static str) -> Self {
        self.indexes.push(columns);
        self
    }

    /// A condition that every row holds.
    #[must_use]
    pub fn check(mut self, condition: &'static str) -> Self {
        self.checks.push(condition);
        self
    }

    /// The statement that makes the table. SQLite takes foreign keys only here.
    #[must_use]
    pub fn create(&self, backend: DbBackend) -> String {
        self.create_as(backend, self.name)
    }

    fn create_as(&self, backend: DbBackend, name: &str) -> String {
        let mut parts: Vec<String> = self.columns.iter().map(|column| column.sql(backend)).collect();
        parts.push(format!("primary key ({})", self.key));
        parts.extend(self.unique.iter().map(|columns| self.unique_key(columns)));
        parts.extend(self.checks.iter().map(|condition| format!("check ({condition})")));
        if backend == DbBackend::Sqlite {
            parts.extend(self.foreign_keys());
        }
        format!("create table {name} (\n  {}\n)", parts.join(",\n  "))
    }

    fn unique_key(&self, columns: &str) -> String {
        let name = columns.replace(", ", "_");
        format!("constraint {}_{name}_key unique ({})", self.name, self.within_tenant(columns))
    }

    fn create_index(&self, columns: &str) -> String {
        let name = columns.replace(", ", "_");
        format!("create index {}_{name}_idx on {} ({})", self.name, self.name, self.within_tenant(columns))
    }

    /// The conditions of the columns, and those of the whole row.
    fn all_checks(&self) -> Vec<String> {
        let of_columns = self.columns.iter().filter_map(|column| column.check.clone());
        of_columns.chain(self.checks.iter().map(|check| (*check).to_owned())).collect()
    }

    /// What follows once all tables are there: foreign keys, indexes, and what guards the rows.
    #[must_use]
    pub fn finish(&self, backend: DbBackend) -> Vec<String> {
        let mut statements: Vec<String> = self.indexes.iter().map(|columns| self.create_index(columns)).collect();
        if backend == DbBackend::Sqlite {
            statements.extend(self.immutable());
        } else {
            statements.extend(self.foreign_keys().map(|key| format!("alter table {} add {key}", self.name)));
            statements.extend(self.row_level_security());
        }
        statements
    }

    fn within_tenant(&self, columns: &str) -> String {
        if self.business { format!("tenant_id, {columns}") } else { columns.to_owned() }
    }

    fn foreign_keys(&self) -> impl Iterator<Item = String> {
        let tenant = self
            .business
            .then(|| format!("constraint {}_tenant_id_fkey foreign key (tenant_id) references tenant (id)", self.name));
        tenant.into_iter().chain(self.references.iter().map(|(column, table)| self.foreign_key(column, table)))
    }

    fn foreign_key(&self, column: &str, table: &str) -> String {
        let key = format!("constraint {}_{column}_fkey foreign key", self.name);
        if table == "tenant" || table == "user_account" {
            format!("{key} ({column}) references {table} (id) on delete restrict")
        } else {
            format!("{key} (tenant_id, {column}) references {table} (tenant_id, id) on delete restrict")
        }
    }

    /// PostgreSQL takes the right to change rows from the server; SQLite knows no rights, so triggers refuse.
    fn immutable(&self) -> Vec<String> {
        if self.rights != Rights::Append {
            return Vec::new();
        }
        ["update", "delete"]
            .map(|act| {
                format!(
                    "create trigger {name}_no_{act} before {act} on {name} begin select raise(abort, '{name} is append-only'); end",
                    name = self.name
                )
            })
            .into()
    }

    fn row_level_security(&self) -> Vec<String> {
        if !self.business {
            return Vec::new();
        }
        let name = self.name;
        vec![
            format!("alter table {name} enable row level security"),
            format!("alter table {name} force row level security"),
            // Empty after a commit and null before the first use: both make the policy match nothing.
            format!(
                "create policy tenant_isolation on {name} using (tenant_id = nullif(current_setting('kamara.tenant', true), '')::uuid)"
            ),
        ]
    }
}

fn between(name: &str, least: i64, most: i64) -> String {
    format!("{name} between {least} and {most}")
}

impl Column {
    fn sql(&self, backend: DbBackend) -> String {
        let mut sql = format!("{} {}", self.name, self.of.sql(backend));
        if self.required {
            sql.push_str(" not null");
        }
        if let Some(check) = &self.check {
            sql.push_str(" check (");
            sql.push_str(check);
            sql.push(')');
        }
        sql
    }
}

impl Type {
    /// The names that SeaORM gives the types on SQLite, which has no types of its own for them.
    fn sql(self, backend: DbBackend) -> &'static str {
        let sqlite = backend == DbBackend::Sqlite;
        match self {
            Self::Uuid if sqlite => "uuid_text",
            Self::Uuid => "uuid",
            Self::Text => "text",
            Self::SortText if sqlite => "text",
            Self::SortText => "text collate \"C\"",
            Self::BigInt => "bigint",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Date if sqlite => "date_text",
            Self::Date => "date",
            Self::Instant if sqlite => "timestamp_with_timezone_text",
            Self::Instant => "timestamptz",
            Self::Json if sqlite => "jsonb_text",
            Self::Json => "jsonb",
        }
    }
}
