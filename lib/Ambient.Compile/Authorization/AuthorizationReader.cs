using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core.Policies;
using Ambient.Resources.Istio;
using Ambient.Resources.Istio.Security;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Authorization;

/// <summary>
/// Reads an AuthorizationPolicy or refuses it as a whole. A refused change leaves <c>old</c> in force; a refused new one has no
/// spec and denies the traffic of whom it means.
/// </summary>
internal static class AuthorizationReader
{
    public static AuthorizationSource Read(JsonObject manifest, SourceMeta meta, AuthorizationSource? old)
    {
        var spec = manifest["spec"];
        var problems = SecurityChecks.Schema<AuthorizationPolicySpec>(spec, meta);
        if (problems.Count == 0)
        {
            var read = ResourceReader.Read<AuthorizationPolicySpec>(spec);
            problems.AddRange(Check(read, meta, out bool hasL7));
            if (problems.Count == 0)
            {
                return new AuthorizationSource(meta, read, hasL7, read.Selector?.MatchLabels is { Count: > 0 } labels ? labels : null, References(read), null);
            }
        }

        var refusal = new Refusal(meta.Generation, [.. problems], "Invalid", old?.Spec is not null);
        return old?.Spec is not null
            ? old with { Refusal = refusal }
            : new AuthorizationSource(meta, null, false, SecurityChecks.ReadableSelector(spec), ReadableReferences(spec, meta), refusal);
    }

    private static ImmutableArray<PolicyTargetReference> References(AuthorizationPolicySpec spec) =>
        [.. spec.TargetRef is { } one ? [one] : Array.Empty<PolicyTargetReference>(), .. spec.TargetRefs ?? []];

    /// <summary>What an otherwise bad policy is attached to, when that is certain; otherwise nothing.</summary>
    private static ImmutableArray<PolicyTargetReference> ReadableReferences(JsonNode? spec, SourceMeta meta)
    {
        if (spec is not JsonObject fields || fields.ContainsKey("selector"))
        {
            return [];
        }

        var attachment = new JsonObject();
        foreach (string name in new[] { "targetRef", "targetRefs" })
        {
            if (fields[name] is { } written)
            {
                attachment[name] = written.DeepClone();
            }
        }

        if (SecurityChecks.Schema<AuthorizationPolicySpec>(attachment, meta).Count > 0)
        {
            return [];
        }

        var read = ResourceReader.Read<AuthorizationPolicySpec>(attachment);
        return Targets(read, meta).Any() ? [] : References(read);
    }

    private static IEnumerable<Finding> Targets(AuthorizationPolicySpec spec, SourceMeta meta)
    {
        var written = (spec.TargetRefs ?? []).Select(static (t, i) => (Path: $"spec.targetRefs[{i}]", Target: t));
        foreach (var (path, target) in spec.TargetRef is { } one ? written.Prepend(("spec.targetRef", one)) : written)
        {
            if (PolicyTargets.KeyOf(target, meta.Namespace) is null)
            {
                yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, $"{path}.kind",
                    $"'{target.Group}/{target.Kind}' cannot be a target; use a Service (group \"\"), ServiceEntry (networking.istio.io), or Gateway or GatewayClass (gateway.networking.k8s.io)");
            }
            else if (target.Namespace is { Length: > 0 } other && other != meta.Namespace)
            {
                yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, $"{path}.namespace",
                    $"is {other}, but a policy can only be attached to objects of its own namespace {meta.Namespace}; move the policy there");
            }
        }
    }

    private static List<Finding> Check(AuthorizationPolicySpec spec, SourceMeta meta, out bool hasL7)
    {
        var problems = new List<Finding>();
        if (spec.Action == "CUSTOM" && spec.Provider?.Name is not { Length: > 0 })
        {
            problems.Add(SecurityChecks.Error(meta, FindingCodes.InvalidField, "spec.provider.name",
                "is required with CUSTOM: the name of an authorization provider of the Mesh"));
        }
        else if (spec.Action != "CUSTOM" && spec.Provider is not null)
        {
            problems.Add(SecurityChecks.Error(meta, FindingCodes.InvalidField, "spec.provider", "decides only with action CUSTOM"));
        }

        if (spec.Selector is not null && (spec.TargetRef is not null || spec.TargetRefs is { Count: > 0 }))
        {
            problems.Add(SecurityChecks.Error(meta, FindingCodes.InvalidField, "spec.selector",
                "cannot stand together with targetRefs; a policy either selects workloads or is attached to objects"));
        }

        problems.AddRange(Targets(spec, meta));
        problems.AddRange(SecurityChecks.Selector(spec.Selector, meta));
        var action = spec.Action is "DENY" or "CUSTOM" ? PolicyAction.Deny : PolicyAction.Allow;
        var compiler = new RuleCompiler(meta.Namespace, [Core.MeshDefaults.TrustDomain], action);
        compiler.Compile(spec.Rules ?? []);
        problems.AddRange(compiler.Problems.Select(p => SecurityChecks.Error(meta, p.Code, p.Field, p.Message)));
        hasL7 = compiler.L7Fields.Count > 0;
        return problems;
    }
}
