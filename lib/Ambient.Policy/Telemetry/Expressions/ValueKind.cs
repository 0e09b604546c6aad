namespace Ambient.Policy.Telemetry.Expressions;

/// <summary>Type of a value in an expression.</summary>
public enum ValueKind
{
    /// <summary>There is no such attribute on this request: what is asked of it is neither true nor false.</summary>
    Absent,

    Bool,

    /// <summary>Integers and fractions.</summary>
    Number,

    Text,

    /// <summary>In seconds.</summary>
    Duration,
}
