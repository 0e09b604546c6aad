namespace Ambient.Resources.Schemas;

internal enum FieldType
{
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    IntOrString,

    /// <summary>Whatever JSON stands there, kept as it is.</summary>
    Any,
}
