namespace Ambient.Kube.Resources;

/// <summary>meta/v1 LabelSelectorRequirement.</summary>
public sealed record LabelSelectorRequirement
{
    public string Key { get; init; } = "";

    /// <summary>In, NotIn, Exists or DoesNotExist.</summary>
    public string Operator { get; init; } = "";

    public IReadOnlyList<string> Values { get; init => field = value ?? []; } = [];

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        bool present = labels.TryGetValue(Key, out string? value);
        return Operator switch
        {
            "In" => present && Values.Contains(value),
            "NotIn" => !present || !Values.Contains(value),
            "Exists" => present,
            "DoesNotExist" => !present,
            _ => false,
        };
    }
}
