namespace Ambient.Core.Routes;

/// <summary>The rule that a person wrote and that became this one.</summary>
/// <param name="Kind">Kind of the resource: <c>VirtualService</c>, <c>HTTPRoute</c>, <c>ServiceProfile</c>, …</param>
/// <param name="RuleIndex">Place of the rule in its resource, from 0.</param>
/// <param name="RuleName">Name of the rule where the format has one.</param>
public sealed record RouteOrigin(string Kind, string Namespace, string Name, int RuleIndex, string? RuleName = null)
{
    /// <summary>What <c>explain</c> and access logs print for the rule: its name, else its index.</summary>
    public string Rule => RuleName is { Length: > 0 } ? RuleName : RuleIndex.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public override string ToString() => $"{Kind} {Namespace}/{Name} rule {Rule}";
}
