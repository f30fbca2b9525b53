//! The companies and the employees that rows may name.

use std::collections::HashMap;

use kamara_entities::{RecordEntity, company, employee};

use super::file::Row;
use crate::{
    error::{Result, Text},
    tenancy::TenantScope,
    text,
};

/// Who rows may name.
pub(super) struct Parties {
    companies: Named<company::Model>,
    employees: Named<employee::Model>,
}

impl Parties {
    pub(super) async fn load(scope: &TenantScope) -> Result<Self> {
        let companies = Named::load::<company::Entity>(scope, |row| {
            [Some(row.name.clone()), row.tax_number.clone(), row.code.clone()]
        });
        let companies = companies.await?;
        let employees =
            Named::load::<employee::Entity>(scope, |row| [Some(row.name.clone()), row.email.clone(), row.code.clone()]);
        Ok(Self { companies, employees: employees.await? })
    }

    /// The company of a name, tax number or short name.
    pub(super) fn company(&self, row: &Row, name: &str) -> Result<&company::Model> {
        self.companies.find(name).map_err(|several| {
            row.problem(&if several {
                Text::new(
                    format!("Several companies are called {name}; give the tax number instead."),
                    format!("{name} რამდენიმე კომპანიას ჰქვია; მიუთითეთ საიდენტიფიკაციო ნომერი."),
                )
            } else {
                Text::new(
                    format!("There is no company {name}. Make it first."),
                    format!("კომპანია {name} არ არსებობს. ჯერ დაამატეთ."),
                )
            })
        })
    }

    /// The employee of a name, e-mail address or number.
    pub(super) fn employee(&self, row: &Row, name: &str) -> Result<&employee::Model> {
        self.employees.find(name).map_err(|several| {
            row.problem(&if several {
                Text::new(
                    format!("Several employees are called {name}; give the e-mail address instead."),
                    format!("{name} რამდენიმე თანამშრომელს ჰქვია; მიუთითეთ ელფოსტა."),
                )
            } else {
                Text::new(
                    format!("There is no employee {name}. Add them first."),
                    format!("თანამშრომელი {name} არ არსებობს. ჯერ დაამატეთ."),
                )
            })
        })
    }
}

/// Rows by what they're called.
struct Named<M>(HashMap<String, Vec<M>>);

impl<M: Clone> Named<M> {
    async fn load<E: RecordEntity<Row = M>>(
        scope: &TenantScope,
        names: impl Fn(&M) -> [Option<String>; 3] + Send,
    ) -> Result<Self> {
        let mut known: HashMap<String, Vec<M>> = HashMap::new();
        for row in scope.all(scope.find::<E>()).await? {
            if E::archived_at(&row).is_some() {
                continue;
            }
            for name in names(&row).into_iter().flatten() {
                let same = known.entry(text::sort_key(&name)).or_default();
                if same.iter().all(|other| E::id(other) != E::id(&row)) {
                    same.push(row.clone());
                }
            }
        }
        Ok(Self(known))
    }

    /// The only one of a name; else whether there are several.
    fn find(&self, name: &str) -> Result<&M, bool> {
        match self.0.get(&text::sort_key(name)).map(Vec::as_slice) {
            Some([one]) => Ok(one),
            several => Err(several.is_some()),
        }
    }
}
