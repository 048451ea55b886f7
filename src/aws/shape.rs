//! What the SDK knows of the API's shapes, at run time: for each operation the members of what is
//! sent and of what comes back, nested ones included. The SDK's own schemas name the members of one
//! shape but not what they are made of; its deserializers know. So a shape is found out by having
//! the SDK read from a source that has one of everything and notes what it is asked for.
//!
//! This is the only file that knows `aws-smithy-schema`.

use aws_smithy_schema::Schema;
use aws_smithy_schema::serde::{SerdeError, ShapeDeserializer};
use aws_smithy_types::{BigDecimal, BigInteger, Blob, DateTime, Document};

/// What a value of the API is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Shape {
    /// A text, number, boolean, date or the like.
    #[default]
    Scalar,
    /// A structure: its members by name.
    Struct(Vec<(String, Shape)>),
    /// A list of this.
    List(Box<Shape>),
    /// A map from free keys to this.
    Map(Box<Shape>),
}

impl Shape {
    /// The member whose name is equal to `name` without regard to case.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<(&str, &Shape)> {
        match self {
            Shape::Struct(members) => members
                .iter()
                .find(|(member, _)| member.eq_ignore_ascii_case(name))
                .map(|(member, shape)| (member.as_str(), shape)),
            _ => None,
        }
    }

    /// The names of a structure's members.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        let members = match self {
            Shape::Struct(members) => members.as_slice(),
            _ => &[],
        };
        members.iter().map(|(name, _)| name.as_str())
    }

    /// The shape that a `deserialize` function of the SDK reads.
    pub fn of<T>(read: impl FnOnce(&mut dyn ShapeDeserializer) -> Result<T, SerdeError>) -> Self {
        let mut explorer = Explorer::default();
        // Whether the value that comes out is a good one does not matter, only what was asked for.
        let _ = read(&mut explorer);
        explorer.found
    }
}

/// Shapes nest no deeper than this in the APIs that are used; a recursive one would end here.
const DEEPEST: usize = 24;

/// Has one of everything, and notes what it is asked for.
#[derive(Default)]
struct Explorer {
    found: Shape,
    depth: usize,
}

impl Explorer {
    fn inside(&mut self, read: &mut dyn FnMut(&mut Self) -> Result<(), SerdeError>) -> Shape {
        if self.depth >= DEEPEST {
            return Shape::Scalar;
        }
        let mut inner = Explorer { found: Shape::Scalar, depth: self.depth + 1 };
        let _ = read(&mut inner);
        inner.found
    }
}

macro_rules! scalars {
    ($($name:ident -> $type:ty = $value:expr;)*) => {
        $(fn $name(&mut self, _: &Schema<'_>) -> Result<$type, SerdeError> {
            self.found = Shape::Scalar;
            Ok($value)
        })*
    };
}

impl ShapeDeserializer for Explorer {
    fn read_struct(
        &mut self,
        schema: &Schema<'_>,
        state: &mut dyn FnMut(&Schema<'_>, &mut dyn ShapeDeserializer) -> Result<(), SerdeError>,
    ) -> Result<(), SerdeError> {
        let members = schema.members().iter().map(|member| {
            let shape = self.inside(&mut |inner| state(member, inner));
            (member.member_name().unwrap_or_default().to_owned(), shape)
        });
        self.found = Shape::Struct(members.collect());
        Ok(())
    }

    fn read_list(
        &mut self,
        _: &Schema<'_>,
        state: &mut dyn FnMut(&mut dyn ShapeDeserializer) -> Result<(), SerdeError>,
    ) -> Result<(), SerdeError> {
        let item = self.inside(&mut |inner| state(inner));
        self.found = Shape::List(Box::new(item));
        Ok(())
    }

    fn read_map(
        &mut self,
        _: &Schema<'_>,
        state: &mut dyn FnMut(String, &mut dyn ShapeDeserializer) -> Result<(), SerdeError>,
    ) -> Result<(), SerdeError> {
        let value = self.inside(&mut |inner| state(String::new(), inner));
        self.found = Shape::Map(Box::new(value));
        Ok(())
    }

    scalars! {
        read_boolean -> bool = false;
        read_byte -> i8 = 0;
        read_short -> i16 = 0;
        read_integer -> i32 = 0;
        read_long -> i64 = 0;
        read_float -> f32 = 0.0;
        read_double -> f64 = 0.0;
        read_string -> String = String::new();
        read_blob -> Blob = Blob::new(Vec::new());
        read_timestamp -> DateTime = DateTime::from_secs(0);
        read_document -> Document = Document::Null;
    }

    fn read_big_integer(&mut self, _: &Schema<'_>) -> Result<BigInteger, SerdeError> {
        Err(SerdeError::custom("not used by these APIs"))
    }

    fn read_big_decimal(&mut self, _: &Schema<'_>) -> Result<BigDecimal, SerdeError> {
        Err(SerdeError::custom("not used by these APIs"))
    }

    fn is_null(&self) -> bool {
        false
    }

    fn container_size(&self) -> Option<usize> {
        None
    }
}
