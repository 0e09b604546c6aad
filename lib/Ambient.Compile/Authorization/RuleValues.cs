using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies;

namespace Ambient.Compile.Authorization;

/// <summary>
/// Reads the values of a policy's fields by their grammar. A value that cannot mean what its author wants is a problem; it is never
/// left out, since a list that gets shorter makes a negation, or a list that gets empty a whole rule, wider.
/// </summary>
internal sealed class RuleValues(string policyNamespace, ImmutableArray<string> trustDomains)
{
    public List<RuleProblem> Problems { get; } = [];

    /// <summary>Identities; one in the mesh's trust domain, or an alias of it, stands for the same account in all of these.</summary>
    public ImmutableArray<StringMatch> Principals(IReadOnlyList<string>? values, string path) =>
        [.. Each(values, path, Principal).SelectMany(Expanded).Distinct()];

    public ImmutableArray<StringMatch> Names(IReadOnlyList<string>? values, string path) => [.. Each(values, path, Pattern).Distinct()];

    public ImmutableArray<NamespacedName> ServiceAccounts(IReadOnlyList<string>? values, string path) =>
        [.. Each(values, path, ServiceAccount).Distinct()];

    public ImmutableArray<IPNetwork> Ranges(IReadOnlyList<string>? values, string path) =>
        [.. Each(values, path, (text, at) => IpText.TryRange(text, out var range)
            ? range
            : Wrong<IPNetwork>(at, $"'{text}' is neither an IP address nor a CIDR such as 10.0.0.0/8")).Distinct()];

    public ImmutableArray<ushort> Ports(IReadOnlyList<string>? values, string path) =>
        [.. Each(values, path, (text, at) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0
            ? port
            : Wrong<ushort>(at, $"'{text}' is not a port (1 to 65535)")).Distinct()];

    /// <summary>A trust domain as a match on whole identities; a star at the front has no such form.</summary>
    public ImmutableArray<StringMatch> TrustDomains(IReadOnlyList<string>? values, string path) =>
        [.. Each(values, path, (text, at) => Pattern(text, at) switch
        {
            { Kind: StringMatchKind.Suffix } => Wrong<StringMatch>(at, $"'{text}': a trust domain with a star at its front cannot be matched; name it in full"),
            { Kind: StringMatchKind.Exact } exact => new StringMatch(StringMatchKind.Prefix, exact.Value + "/"),
            var other => other,
        }).Distinct()];

    public T Wrong<T>(string path, string message, string code = FindingCodes.InvalidField)
    {
        Problems.Add(new RuleProblem(code, path, message));
        return default!;
    }

    private List<T> Each<T>(IReadOnlyList<string>? values, string path, Func<string, string, T> read)
    {
        var results = new List<T>();
        int before = Problems.Count;
        for (int i = 0; i < (values?.Count ?? 0); i++)
        {
            string text = values![i];
            T value = string.IsNullOrEmpty(text) ? Wrong<T>($"{path}[{i}]", "must not be empty") : read(text, $"{path}[{i}]");
            results.Add(value);
        }

        return Problems.Count == before ? results : [];
    }

    private StringMatch Principal(string text, string path) =>
        text.StartsWith(SpiffeId.Scheme, StringComparison.OrdinalIgnoreCase)
            ? Wrong<StringMatch>(
                path, $"'{text}' would never match: write it without the scheme, {text[SpiffeId.Scheme.Length..]}", FindingCodes.PrincipalWithScheme)
            : Pattern(text, path);

    private StringMatch Pattern(string text, string path)
    {
        int star = text.IndexOf('*', StringComparison.Ordinal);
        bool inside = star >= 0 && text.Length > 1
            && (text.LastIndexOf('*') != star || (star != 0 && star != text.Length - 1));
        return inside
            ? Wrong<StringMatch>(path, $"'{text}': a star may stand at one end only; write several values instead")
            : StringMatch.Parse(text);
    }

    private NamespacedName ServiceAccount(string text, string path)
    {
        string[] parts = text.Split('/');
        if (text.Contains('*', StringComparison.Ordinal) || parts.Length > 2 || parts.Any(static p => p.Length == 0))
        {
            return Wrong<NamespacedName>(path, $"'{text}' is not NAMESPACE/ACCOUNT or ACCOUNT; stars are not allowed here");
        }

        return parts.Length == 2 ? new NamespacedName(parts[0], parts[1]) : new NamespacedName(policyNamespace, text);
    }

    private IEnumerable<StringMatch> Expanded(StringMatch match)
    {
        int slash = match.Value.IndexOf('/', StringComparison.Ordinal);
        bool ours = match.Kind is StringMatchKind.Exact or StringMatchKind.Prefix && slash > 0
            && (trustDomains.Contains(match.Value[..slash]) || match.Value[..slash] == MeshDefaults.TrustDomain);
        return ours ? trustDomains.Select(td => match with { Value = td + match.Value[slash..] }) : [match];
    }
}
