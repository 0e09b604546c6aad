using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Authorization;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Resources.Istio;
using Ambient.Resources.Istio.Security;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Tokens;

/// <summary>
/// Reads a RequestAuthentication or refuses it as a whole, for a field unknown too: a misspelt <c>audiences</c> would accept any. A refused change
/// leaves <c>old</c> in force; a refused new one has no rules, and every request to whom it means is refused.
/// </summary>
internal static class TokenPolicyReader
{
    public static TokenSource Read(JsonObject manifest, SourceMeta meta, TokenSource? old)
    {
        var spec = manifest["spec"];
        var wrong = SecurityChecks.Schema<RequestAuthenticationSpec>(spec, meta);
        var problems = new RouteProblems(meta);
        if (wrong.Count == 0)
        {
            var read = spec is null ? new RequestAuthenticationSpec() : ResourceReader.Read<RequestAuthenticationSpec>(spec);
            var rules = new TokenRuleReader(problems);
            var made = new TokenSource(
                meta,
                [.. (read.JwtRules ?? []).Select((r, i) => rules.Read(r, $"spec.jwtRules[{i}]"))],
                Targets(read, meta, problems),
                read.Selector?.MatchLabels is { Count: > 0 } labels ? labels : null,
                null,
                problems.Warnings);
            wrong.AddRange(problems.Errors);
            wrong.AddRange(SecurityChecks.Selector(read.Selector, meta));
            if (wrong.Count == 0)
            {
                return made;
            }
        }

        var refusal = new Refusal(meta.Generation, [.. wrong], "Invalid", old?.Rules is not null);
        return old?.Rules is not null
            ? old with { Refusal = refusal, Notes = [] }
            : new TokenSource(meta, null, [], SecurityChecks.ReadableSelector(spec), refusal, []);
    }

    private static ImmutableArray<PolicyTargetReference> Targets(RequestAuthenticationSpec spec, SourceMeta meta, RouteProblems problems)
    {
        var written = (spec.TargetRefs ?? []).Select(static (t, i) => (Path: $"spec.targetRefs[{i}]", Target: t));
        var targets = (spec.TargetRef is { } one ? written.Prepend((Path: "spec.targetRef", Target: one)) : written).ToImmutableArray();
        if (spec.Selector is not null && !targets.IsEmpty)
        {
            problems.Error("spec.selector", "cannot stand together with targetRefs; a policy either selects workloads or is attached to objects");
        }

        foreach (var (path, target) in targets)
        {
            if (PolicyTargets.KeyOf(target, meta.Namespace) is null)
            {
                problems.Error($"{path}.kind",
                    $"'{target.Group}/{target.Kind}' cannot be a target; use a Service (group \"\"), ServiceEntry (networking.istio.io), or Gateway or GatewayClass (gateway.networking.k8s.io)");
            }
            else if (target.Namespace is { Length: > 0 } other && other != meta.Namespace)
            {
                problems.Error($"{path}.namespace", $"is {other}, but a policy can only be attached to objects of its own namespace {meta.Namespace}; move the policy there");
            }
        }

        return [.. targets.Select(static t => t.Target)];
    }
}
