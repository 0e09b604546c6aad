namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>Values of labels that came from a request; equal by content.</summary>
internal sealed class PlanValues(string[] texts) : IEquatable<PlanValues>
{
    internal IReadOnlyList<string> Texts { get; } = texts;

    public bool Equals(PlanValues? other) => other is not null && Texts.SequenceEqual(other.Texts, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as PlanValues);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (string text in Texts)
        {
            hash.Add(text, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
