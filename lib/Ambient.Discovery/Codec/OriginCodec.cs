using System.Collections.Immutable;
using Ambient.Core.Policies;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Proto = Ambient.Policy.V1.PolicyOrigin;
using RuleOrigin = Ambient.Policy.V1.RuleOrigin;

namespace Ambient.Discovery.Codec;

/// <summary>ambient.policy.v1.PolicyOrigin: what a person wrote, in an extension that other proxies pass over.</summary>
internal static class OriginCodec
{
    /// <summary>Name of the extension of an Authorization.</summary>
    public const string Name = "ambient.dev/origin";

    /// <summary>Name of the extension of a Workload.</summary>
    public const string StrictName = "ambient.dev/strict-origin";

    public static Any ToProto(PolicyOrigin origin, ImmutableArray<PolicyRule> rules)
    {
        var proto = new Proto { Kind = origin.Kind, Namespace = origin.Namespace, Name = origin.Name };
        if (rules.All(static r => r.SourceRule is not null))
        {
            proto.Rules.AddRange(rules.Select(static r => new RuleOrigin
            {
                Index = (uint)r.SourceRule!.Value,
                Clauses = { r.Clauses.Select(static c => c.Source) },
            }));
        }

        return Any.Pack(proto);
    }

    public static bool Is(Any? config) => config?.Is(Proto.Descriptor) == true;

    /// <exception cref="CodecException">The extension is not what its type says.</exception>
    public static (PolicyOrigin Origin, IReadOnlyList<RuleOrigin> Rules) FromProto(Any config, string field)
    {
        try
        {
            Proto origin = config.Unpack<Proto>();
            return (new PolicyOrigin(origin.Kind, origin.Namespace, origin.Name), origin.Rules);
        }
        catch (InvalidProtocolBufferException cause)
        {
            throw new CodecException(field, "is malformed", cause);
        }
    }

    /// <summary>Gives each rule and clause the name that its author knows it by; rules without such names stay as they are.</summary>
    /// <exception cref="CodecException">The names are not those of these rules: a decision would be put down to the wrong one.</exception>
    public static ImmutableArray<PolicyRule> Named(ImmutableArray<PolicyRule> rules, IReadOnlyList<RuleOrigin> written, string field)
    {
        if (written.Count == 0)
        {
            return rules;
        }

        if (written.Count != rules.Length)
        {
            throw new CodecException(field, $"names {written.Count} rules, there are {rules.Length}");
        }

        return [.. rules.Select((rule, i) => Named(rule, written[i], $"{field}.rules[{i}]"))];
    }

    private static PolicyRule Named(PolicyRule rule, RuleOrigin written, string field) =>
        written.Index <= int.MaxValue && written.Clauses.Count == rule.Clauses.Length
            ? new PolicyRule([.. rule.Clauses.Select((clause, i) => clause with { Source = written.Clauses[i] })]) { SourceRule = (int)written.Index }
            : throw new CodecException(field, $"names rule {written.Index} with {written.Clauses.Count} clauses, there are {rule.Clauses.Length}");
}
