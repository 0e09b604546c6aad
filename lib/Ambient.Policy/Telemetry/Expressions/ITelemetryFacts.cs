namespace Ambient.Policy.Telemetry.Expressions;

/// <summary>One request, for expressions to ask about.</summary>
public interface ITelemetryFacts
{
    /// <summary>Of the type that <see cref="FactNames"/> says, or absent.</summary>
    Value ValueOf(FactName attribute);

    /// <summary>Null when the request has none.</summary>
    /// <param name="name">Lower-case.</param>
    string? Header(string name);
}
