//! The schema as the server tells it, so that what tests walk over is what is there and not a list.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Caller;

const DOCUMENT: &str = "{ __schema { types { kind name enumValues { name }
    inputFields { name type { ...T } }
    fields(includeDeprecated: true) { name args { name type { ...T } } type { ...T } } } } }
  fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The kind of a named type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A value without fields.
    Scalar,
    /// One of a closed set.
    Enum,
    /// Has fields.
    Object,
    /// Is given as an argument.
    Input,
}

/// A type as a field or an argument has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeRef {
    /// The named type inside.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it's a list.
    pub list: bool,
}

/// An argument, or a field of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its type.
    pub of: TypeRef,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// Its type.
    pub of: TypeRef,
}

/// The schema.
#[derive(Clone, Debug)]
pub struct Schema {
    objects: BTreeMap<String, Vec<Field>>,
    inputs: BTreeMap<String, Vec<Argument>>,
    enums: BTreeMap<String, Vec<String>>,
}

impl Schema {
    /// Asks the server.
    pub async fn ask(caller: &Caller<'_>) -> Self {
        let data = caller.query(DOCUMENT).await;
        let (mut objects, mut inputs, mut enums) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for of in list(&data["__schema"]["types"]) {
            let name = text(&of["name"]);
            match text(&of["kind"]).as_str() {
                "OBJECT" => drop(objects.insert(name, list(&of["fields"]).iter().map(field).collect())),
                "INPUT_OBJECT" => drop(inputs.insert(name, list(&of["inputFields"]).iter().map(argument).collect())),
                "ENUM" => {
                    drop(
                        enums.insert(name, list(&of["enumValues"]).iter().map(|value| text(&value["name"])).collect()),
                    );
                }
                _ => {}
            }
        }
        Self { objects, inputs, enums }
    }

    /// The root fields that ask.
    #[must_use]
    pub fn queries(&self) -> &[Field] {
        self.fields("Query")
    }

    /// The root fields that change.
    #[must_use]
    pub fn mutations(&self) -> &[Field] {
        self.fields("Mutation")
    }

    /// The fields of an object.
    #[must_use]
    pub fn fields(&self, object: &str) -> &[Field] {
        self.objects.get(object).unwrap_or_else(|| panic!("no object is called {object}"))
    }

    /// The fields of an input.
    #[must_use]
    pub fn input(&self, name: &str) -> &[Argument] {
        self.inputs.get(name).unwrap_or_else(|| panic!("no input is called {name}"))
    }

    /// The values of an enumeration.
    #[must_use]
    pub fn values(&self, name: &str) -> &[String] {
        self.enums.get(name).unwrap_or_else(|| panic!("no enumeration is called {name}"))
    }

    /// Where an input holds ids, as paths of names; a list's elements are at `0`.
    #[must_use]
    pub fn id_paths(&self, argument: &Argument) -> Vec<Vec<String>> {
        let mut here = vec![argument.name.clone()];
        if argument.of.list {
            here.push("0".to_owned());
        }
        match argument.of.kind {
            Kind::Input => {
                let inner = self.input(&argument.of.name).iter().flat_map(|field| self.id_paths(field));
                inner.map(|path| here.iter().cloned().chain(path).collect()).collect()
            }
            Kind::Scalar if argument.of.name == "ID" => vec![here],
            _ => Vec::new(),
        }
    }

    /// Everything that can be asked of an object: its plain values, and those of what it refers to, `depth` steps away. Lists
    /// are asked for two rows, but for the parts of a document.
    #[must_use]
    pub fn selection(&self, object: &str, depth: usize) -> String {
        let mut selection = String::from("__typename");
        for field in self.fields(object) {
            let mut arguments = Vec::new();
            for argument in field.arguments.iter().filter(|argument| argument.of.required) {
                let value = match argument.name.as_str() {
                    "from" => "\"2026-06-01\"".to_owned(),
                    "to" => "\"2026-06-30\"".to_owned(),
                    "previous" => "false".to_owned(),
                    _ if argument.of.kind == Kind::Enum => {
                        self.values(&argument.of.name).last().expect("a value").clone()
                    }
                    other => panic!("{object}.{} needs {other}: no case knows what to give", field.name),
                };
                arguments.push(format!("{}: {value}", argument.name));
            }
            let inner = match field.of.kind {
                Kind::Object if field.of.name == "Money" => " { amount currency }".to_owned(),
                Kind::Object if field.of.name == "PageInfo" => " { hasNextPage endCursor }".to_owned(),
                Kind::Object if depth == 0 => continue,
                Kind::Object if field.of.name.ends_with("Connection") => {
                    let node = field.of.name.trim_end_matches("Connection");
                    arguments.push("first: 2".to_owned());
                    format!(" {{ totalCount nodes {{ {} }} }}", self.selection(node, depth - 1))
                }
                Kind::Object => format!(" {{ {} }}", self.selection(&field.of.name, depth - 1)),
                _ => String::new(),
            };
            selection.push(' ');
            selection.push_str(&field.name);
            if !arguments.is_empty() {
                selection.push('(');
                selection.push_str(&arguments.join(", "));
                selection.push(')');
            }
            selection.push_str(&inner);
        }
        selection
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn field(value: &Value) -> Field {
    Field {
        name: text(&value["name"]),
        arguments: list(&value["args"]).iter().map(argument).collect(),
        of: type_ref(&value["type"]),
    }
}

fn argument(value: &Value) -> Argument {
    Argument { name: text(&value["name"]), of: type_ref(&value["type"]) }
}

fn type_ref(value: &Value) -> TypeRef {
    let (mut inner, mut list) = (value, false);
    loop {
        let kind = match inner["kind"].as_str() {
            Some("LIST") => {
                list = true;
                inner = &inner["ofType"];
                continue;
            }
            Some("NON_NULL") => {
                inner = &inner["ofType"];
                continue;
            }
            Some("INPUT_OBJECT") => Kind::Input,
            Some("ENUM") => Kind::Enum,
            Some("OBJECT") => Kind::Object,
            _ => Kind::Scalar,
        };
        return TypeRef { name: text(&inner["name"]), kind, required: value["kind"] == "NON_NULL", list };
    }
}
