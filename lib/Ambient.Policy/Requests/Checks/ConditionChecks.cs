using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Ambient.Core.Policies.Requests;

namespace Ambient.Policy.Requests.Checks;

/// <summary>The checks of one <c>when</c>.</summary>
internal static class ConditionChecks
{
    public static ImmutableArray<RequestCheck> Of(RequestCondition condition, string place, CheckMaker make)
    {
        Func<string, ImmutableArray<string>, RequestCheck>? kind = Kind(condition.Key, make);
        if (kind is null)
        {
            make.Broken($"{place}.key", $"'{condition.Key}' is not a known attribute");
        }
        else if (condition.Values.IsEmpty && condition.NotValues.IsEmpty)
        {
            make.Broken($"{place}.values", "neither values nor notValues are set");
        }
        else
        {
            make.Pair(place, "values", condition.Values, condition.NotValues, kind, requestOnly: condition.Key.StartsWith("request.", StringComparison.Ordinal));
        }

        return make.Take();
    }

    private static Func<string, ImmutableArray<string>, RequestCheck>? Kind(string key, CheckMaker make) => key switch
    {
        "source.ip" => (f, v) => make.Addresses(f, v, s => s.Source),
        "remote.ip" => (f, v) => make.Addresses(f, v, s => s.Remote),
        "destination.ip" => (f, v) => make.Addresses(f, v, s => s.Destination),
        "destination.port" => make.Ports,
        "source.namespace" => (f, v) => new NamespaceCheck(f, v),
        "source.principal" => (f, v) => new TextCheck(f, v, s => s.Principal),
        "source.serviceAccount" => (f, v) => new ServiceAccountCheck(f, v, make.PolicyNamespace),
        "source.trustDomain" => (f, v) => new TextCheck(f, v, s => s.Identity?.TrustDomain),
        "connection.sni" => (f, v) => new TextCheck(f, v, s => s.Request.ServerName),
        "request.auth.principal" => (f, v) => new RequestPrincipalCheck(f, v),
        "request.auth.audiences" => (f, v) => Claim(f, v, ["aud"]),
        "request.auth.presenter" => (f, v) => Claim(f, v, ["azp"]),
        _ when TryBrackets(key, "request.headers", out ImmutableArray<string> names) && names.Length == 1 =>
            (f, v) => new HeaderCheck(f, v, names[0].ToLowerInvariant(), make.Denies),
        _ when TryBrackets(key, "request.auth.claims", out ImmutableArray<string> claim) => (f, v) => Claim(f, v, claim),
        _ => null,
    };

    private static ListCheck Claim(string field, ImmutableArray<string> values, ImmutableArray<string> path) =>
        new(field, values, s => s.Request.Token?.Values(path) ?? []);

    // request.auth.claims[a][b]
    private static bool TryBrackets(string key, string attribute, [NotNullWhen(true)] out ImmutableArray<string> names)
    {
        names = [];
        if (!key.StartsWith(attribute + "[", StringComparison.Ordinal) || !key.EndsWith(']'))
        {
            return false;
        }

        names = [.. key[(attribute.Length + 1)..^1].Split("][")];
        return names.All(n => n.Length > 0 && !n.AsSpan().ContainsAny('[', ']'));
    }
}
