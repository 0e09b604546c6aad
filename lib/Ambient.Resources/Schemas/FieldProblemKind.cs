namespace Ambient.Resources.Schemas;

public enum FieldProblemKind
{
    /// <summary>The kind has no such field.</summary>
    Unknown,

    /// <summary>Wrong type, not one of the allowed values, or over a limit.</summary>
    Invalid,
}
