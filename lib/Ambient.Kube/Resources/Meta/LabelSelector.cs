using System.Collections.ObjectModel;

namespace Ambient.Kube.Resources;

/// <summary>meta/v1 LabelSelector: AND of both parts; empty selects everything.</summary>
public sealed record LabelSelector
{
    public IReadOnlyDictionary<string, string> MatchLabels { get; init => field = value ?? ReadOnlyDictionary<string, string>.Empty; } =
        ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyList<LabelSelectorRequirement> MatchExpressions { get; init => field = value ?? []; } = [];

    /// <summary>An unknown operator matches nothing.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach ((string key, string value) in MatchLabels)
        {
            if (!labels.TryGetValue(key, out string? actual) || actual != value)
            {
                return false;
            }
        }

        return MatchExpressions.All(e => e.Matches(labels));
    }
}
