//! The rules of employees and departments.

use std::collections::{HashMap, HashSet};

use kamara_entities::{DepartmentId, EmployeeId, TenantEntity, department, employee};

use crate::{
    error::{Error, Result, Text},
    identity, messages,
    tenancy::TenantScope,
    text,
};

fn reports_to_themselves() -> Error {
    let message = Text::fixed(
        "Nobody reports to themselves, neither directly nor through others.",
        "თანამშრომელი საკუთარ თავს ვერ დაექვემდებარება, ვერც პირდაპირ და ვერც სხვების გავლით.",
    );
    Error::invalid("managerId", message)
}

// --- employees ---

/// Checks an employee's values, and fills in what they're sorted and searched by.
pub fn check_employee(new: &mut employee::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.code = text::optional("code", new.code.take())?;
    new.title = text::optional("title", new.title.take())?;
    new.email = text::optional_email("email", new.email.take())?;
    new.phone = text::optional("phone", new.phone.take())?;
    if new.cost_rate.is_some_and(|rate| rate < 0) {
        return Err(Error::invalid("costRate", messages::not_negative()));
    }
    new.sort_key = text::sort_key(&new.name);
    let known_by = [Some(&new.name), new.code.as_ref(), new.title.as_ref(), new.email.as_ref(), new.phone.as_ref()];
    new.search_text = text::search_text(known_by);
    Ok(())
}

/// Makes an employee.
pub async fn create_employee(scope: &TenantScope, mut new: employee::New) -> Result<employee::Model> {
    check_employee(&mut new)?;
    scope.referred_optional::<department::Entity>("departmentId", new.department_id).await?;
    scope.referred_optional::<employee::Entity>("managerId", new.manager_id).await?;
    identity::service::member(scope, "membershipId", new.membership_id).await?;
    scope.insert::<employee::Entity>(new).await
}

/// Makes many employees at once, whose ids were given out before, so that one may be another's manager whichever comes first.
/// The field of an error begins with the employee's index: `3.managerId`. What is made comes in the order of the input.
pub async fn create_employees(
    scope: &TenantScope,
    mut new: Vec<(EmployeeId, employee::New)>,
) -> Result<Vec<employee::Model>> {
    for (index, (_, employee)) in new.iter_mut().enumerate() {
        check_employee(employee).map_err(|error| error.within(&index.to_string()))?;
    }
    let ids: Vec<EmployeeId> = new.iter().map(|(id, _)| *id).collect();
    let batch: HashSet<EmployeeId> = ids.iter().copied().collect();
    let departments: Vec<_> = new.iter().map(|(_, employee)| employee.department_id).collect();
    scope.referred_all::<department::Entity>("departmentId", &departments).await?;
    let elsewhere = |manager: &EmployeeId| !batch.contains(manager);
    let managers: Vec<_> = new.iter().map(|(_, employee)| employee.manager_id.filter(elsewhere)).collect();
    scope.referred_all::<employee::Entity>("managerId", &managers).await?;
    for (index, (_, employee)) in new.iter().enumerate() {
        let member = identity::service::member(scope, "membershipId", employee.membership_id).await;
        member.map_err(|error| error.within(&index.to_string()))?;
    }
    // Many rows are more than one statement, and each must find the managers that it names.
    let pairs: Vec<_> = new.iter().map(|(id, employee)| (*id, employee.manager_id)).collect();
    let order = managers_first(&pairs).map_err(|index| reports_to_themselves().within(&index.to_string()))?;
    let mut rows: HashMap<EmployeeId, employee::New> = new.into_iter().collect();
    let sorted = order.into_iter().filter_map(|index| Some((ids[index], rows.remove(&ids[index])?))).collect();
    let made = scope.insert_with_ids::<employee::Entity>(sorted).await?;
    let mut made: HashMap<EmployeeId, employee::Model> = made.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| made.remove(id)).collect())
}

/// The order in which each stands behind their manager, as indices; or the index of somebody in a circle.
fn managers_first(people: &[(EmployeeId, Option<EmployeeId>)]) -> std::result::Result<Vec<usize>, usize> {
    let index_of: HashMap<EmployeeId, usize> = people.iter().enumerate().map(|(index, (id, _))| (*id, index)).collect();
    let mut order = Vec::with_capacity(people.len());
    let mut placed = vec![false; people.len()];
    for start in 0..people.len() {
        let mut chain = Vec::new();
        let mut next = Some(start);
        while let Some(index) = next.filter(|index| !placed[*index]) {
            if chain.len() == people.len() {
                return Err(index);
            }
            chain.push(index);
            next = people[index].1.and_then(|manager| index_of.get(&manager).copied());
        }
        for index in chain.into_iter().rev() {
            placed[index] = true;
            order.push(index);
        }
    }
    Ok(order)
}

/// Changes an employee.
pub async fn update_employee(
    scope: &TenantScope,
    id: EmployeeId,
    version: i32,
    change: impl FnOnce(&mut employee::New) + Send,
) -> Result<employee::Model> {
    // Read before it is locked, since a new manager locks all above, in the order of their ids.
    let seen = scope.require::<employee::Entity>(id).await?;
    if seen.version != version {
        return Err(Error::Conflict(messages::stale()));
    }
    let mut new = employee::Entity::values(seen.clone());
    change(&mut new);
    check_employee(&mut new)?;
    // What is there already may have been removed since, and must not keep people from changing the rest.
    if new.department_id != seen.department_id {
        scope.referred_optional::<department::Entity>("departmentId", new.department_id).await?;
    }
    if new.membership_id != seen.membership_id {
        identity::service::member(scope, "membershipId", new.membership_id).await?;
    }
    if let Some(manager) = new.manager_id.filter(|manager| Some(*manager) != seen.manager_id) {
        check_manager(scope, id, manager).await?;
    }
    scope
        .edit::<employee::Entity>(id, version, |row| {
            *row = new;
            Ok(())
        })
        .await
}

/// Checks that somebody's new manager isn't below them. All above are locked together with the one below, so that two such
/// changes at once can't close a circle.
async fn check_manager(scope: &TenantScope, id: EmployeeId, manager: EmployeeId) -> Result<()> {
    let mut above = HashSet::new();
    let mut next = Some(scope.referred::<employee::Entity>("managerId", manager).await?);
    while let Some(row) = next {
        if row.id == id {
            return Err(reports_to_themselves());
        }
        above.insert(row.id);
        next = match row.manager_id.filter(|manager| !above.contains(manager)) {
            Some(manager) => scope.get::<employee::Entity>(manager).await?,
            None => None,
        };
    }
    let locked = scope.lock_all::<employee::Entity>(above.into_iter().chain([id])).await?;
    let managers = locked.into_iter().map(|(id, row)| (id, row.manager_id)).collect();
    match reaches(&managers, manager, id) {
        Some(false) => Ok(()),
        Some(true) => Err(reports_to_themselves()),
        None => Err(Error::Conflict(messages::stale())),
    }
}

/// Whether the way up from somebody leads to somebody else; `None` when it leads out of what is known.
fn reaches(managers: &HashMap<EmployeeId, Option<EmployeeId>>, from: EmployeeId, to: EmployeeId) -> Option<bool> {
    let mut at = from;
    for _ in 0..=managers.len() {
        if at == to {
            return Some(true);
        }
        match managers.get(&at)? {
            Some(manager) => at = *manager,
            None => return Some(false),
        }
    }
    None
}

// --- departments ---

/// Checks a department's values, and fills in what it's sorted by.
pub fn check_department(new: &mut department::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.code = text::optional("code", new.code.take())?;
    new.sort_key = text::sort_key(&new.name);
    Ok(())
}

/// Makes a department.
pub async fn create_department(scope: &TenantScope, mut new: department::New) -> Result<department::Model> {
    check_department(&mut new)?;
    scope.referred_optional::<employee::Entity>("managerId", new.manager_id).await?;
    scope.insert::<department::Entity>(new).await
}

/// Makes many departments at once, whose ids were given out before. Their managers must be there: where employees of the same
/// batch lead them, departments are made first, and told their managers by [`update_department`] afterwards. The field of an
/// error begins with the department's index: `3.name`.
pub async fn create_departments(
    scope: &TenantScope,
    mut new: Vec<(DepartmentId, department::New)>,
) -> Result<Vec<department::Model>> {
    for (index, (_, department)) in new.iter_mut().enumerate() {
        check_department(department).map_err(|error| error.within(&index.to_string()))?;
    }
    let managers: Vec<_> = new.iter().map(|(_, department)| department.manager_id).collect();
    scope.referred_all::<employee::Entity>("managerId", &managers).await?;
    scope.insert_with_ids::<department::Entity>(new).await
}

/// Changes a department.
pub async fn update_department(
    scope: &TenantScope,
    id: DepartmentId,
    version: i32,
    change: impl FnOnce(&mut department::New) + Send,
) -> Result<department::Model> {
    let before = scope.editable::<department::Entity>(id, version).await?;
    let mut new = department::Entity::values(before.clone());
    change(&mut new);
    check_department(&mut new)?;
    scope.referred_optional::<employee::Entity>("managerId", new.manager_id).await?;
    scope.update::<department::Entity>(&before, department::Entity::revise(before.clone(), new)).await
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> EmployeeId {
        EmployeeId(Uuid::from_u128(number))
    }

    #[test]
    fn managers_come_before_those_who_report_to_them() {
        let people = [(id(1), Some(id(3))), (id(2), Some(id(1))), (id(3), None), (id(4), Some(id(99)))];
        assert_eq!(managers_first(&people).unwrap(), [2, 0, 1, 3]);
        assert_eq!(managers_first(&[]).unwrap(), Vec::<usize>::new());
    }

    #[test]
    fn circles_are_found() {
        assert!(managers_first(&[(id(1), Some(id(1)))]).is_err());
        let people = [(id(4), None), (id(1), Some(id(2))), (id(2), Some(id(3))), (id(3), Some(id(1)))];
        assert!(matches!(managers_first(&people), Err(1..=3)));
        // Below a circle, but not in it.
        assert!(managers_first(&[(id(5), Some(id(1))), (id(1), Some(id(2))), (id(2), Some(id(1)))]).is_err());
    }

    #[test]
    fn the_way_up_ends_at_the_top_or_at_who_is_looked_for() {
        let managers =
            HashMap::from([(id(1), None), (id(2), Some(id(1))), (id(3), Some(id(2))), (id(4), Some(id(99)))]);
        assert_eq!(reaches(&managers, id(3), id(1)), Some(true));
        assert_eq!(reaches(&managers, id(2), id(3)), Some(false));
        assert_eq!(reaches(&managers, id(2), id(2)), Some(true));
        assert_eq!(reaches(&managers, id(4), id(3)), None);
    }
}
