using Ambient.Core;
using Ambient.Core.Policies;
using RuleOrigin = Ambient.Policy.V1.RuleOrigin;
using Proto = Istio.Security;

namespace Ambient.Discovery.Codec;

/// <summary>
/// istio.security.Authorization. What cannot be read whole is refused: a range that is dropped or a match that comes out empty turns a narrow
/// policy into a wide one.
/// </summary>
public static class PolicyCodec
{
    public static Proto.Authorization ToProto(AuthorizationPolicy policy)
    {
        var proto = new Proto.Authorization
        {
            Name = policy.Name.Name,
            Namespace = policy.Name.Namespace,
            Scope = (Proto.Scope)policy.Scope,
            Action = (Proto.Action)policy.Action,
            DryRun = policy.DryRun,
        };
        foreach (PolicyRule rule in policy.Rules)
        {
            var clauses = rule.Clauses.Select(clause => new Proto.Clause { Matches = { clause.Matches.Select(MatchCodec.ToProto) } });
            proto.Rules.Add(new Proto.Rule { Clauses = { clauses } });
        }

        if (policy.Origin is { } origin)
        {
            proto.Extensions.Add(new Proto.Extension { Name = OriginCodec.Name, Config = OriginCodec.ToProto(origin, policy.Rules) });
        }

        return proto;
    }

    /// <exception cref="CodecException">A field is missing, out of range or unknown, or a clause or match is empty.</exception>
    public static AuthorizationPolicy FromProto(Proto.Authorization proto)
    {
        (PolicyOrigin? origin, IReadOnlyList<RuleOrigin> written) = OriginOf(proto);
        var rules = Wire.List(proto.Rules, "rules", RuleFrom);
        return new AuthorizationPolicy
        {
            Name = NameOf(proto),
            Scope = (PolicyScope)Wire.Known(proto.Scope, "scope"),
            Action = (PolicyAction)Wire.Known(proto.Action, "action"),
            Rules = OriginCodec.Named(rules, written, "extensions"),
            DryRun = proto.DryRun,
            Origin = origin,
        };
    }

    /// <summary>
    /// What stands in for a policy that was refused and of which no earlier version is held: no ALLOW match for anybody, or DENY for
    /// everybody, in the scope that the policy claims; the widest when that is unknown too.
    /// </summary>
    /// <returns>Null when it never was to be enforced, or has no name by which it could be taken back.</returns>
    public static AuthorizationPolicy? StandIn(Proto.Authorization proto)
    {
        if (proto.DryRun || proto.Name.Length == 0)
        {
            return null;
        }

        bool allow = proto.Action == Proto.Action.Allow;
        return new AuthorizationPolicy
        {
            Name = new NamespacedName(proto.Namespace, proto.Name),
            Scope = proto.Scope switch
            {
                Proto.Scope.Namespace => PolicyScope.Namespace,
                Proto.Scope.WorkloadSelector => PolicyScope.WorkloadSelector,
                _ => PolicyScope.Global,
            },
            Action = allow ? PolicyAction.Allow : PolicyAction.Deny,
            Rules = allow ? [] : [new PolicyRule([])],
        };
    }

    private static NamespacedName NameOf(Proto.Authorization proto) => new(proto.Namespace, Wire.Required(proto.Name, "name"));

    private static PolicyRule RuleFrom(Proto.Rule proto, string field) => new(Wire.List(proto.Clauses, $"{field}.clauses", ClauseFrom));

    private static PolicyClause ClauseFrom(Proto.Clause proto, string field) => proto.Matches.Count > 0
        ? new PolicyClause(Wire.List(proto.Matches, $"{field}.matches", MatchCodec.FromProto))
        : throw new CodecException(field, "has no match");

    private static (PolicyOrigin? Origin, IReadOnlyList<RuleOrigin> Rules) OriginOf(Proto.Authorization proto)
    {
        for (int i = 0; i < proto.Extensions.Count; i++)
        {
            if (OriginCodec.Is(proto.Extensions[i].Config))
            {
                return OriginCodec.FromProto(proto.Extensions[i].Config, $"extensions[{i}].config");
            }
        }

        return (null, []);
    }
}
