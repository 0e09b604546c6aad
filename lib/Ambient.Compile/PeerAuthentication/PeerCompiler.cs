using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.PeerAuthentication;

/// <summary>PeerAuthentication → the policies for its ports, and its status.</summary>
internal static class PeerCompiler
{
    private const string Consequence = "until then the workloads that it means are STRICT";

    public static UnitOutput Compile(MeshIndex index, PeerSource peer)
    {
        var findings = ImmutableArray.CreateBuilder<Finding>();
        if (peer.Refusal is { } refusal)
        {
            findings.AddRange(refusal.Problems);
            findings.Add(RefusalReports.Finding(peer.Meta, refusal, Consequence));
        }

        var older = Older(index, peer);
        if (older is not null)
        {
            findings.Add(Warning(peer, FindingCodes.PeerAuthenticationIgnored, "",
                $"has no effect: {older.Meta.Namespace}/{older.Meta.Name} is older and speaks for the same scope; remove one"));
        }
        else if (peer.Selector is not null && index.Attachments.Of(peer.Meta.Key).IsEmpty)
        {
            findings.Add(Warning(peer, FindingCodes.PeerAuthenticationSelectsNothing, "spec.selector",
                "is in force for no workload: none has these labels, or an older one selects them all"));
        }

        return new UnitOutput
        {
            Policies = PeerPolicies.Of(peer),
            Status = Status(peer, older),
            Findings = findings.ToImmutable(),
        };
    }

    /// <summary>The older one of the same scope that makes this one ineffective.</summary>
    private static PeerSource? Older(MeshIndex index, PeerSource peer)
    {
        if (peer.Selector is not null)
        {
            return null;
        }

        var winner = index.Options.IsRoot(peer.Meta.Namespace)
            ? EffectivePeer.OfMesh(index)
            : EffectivePeer.OfNamespace(index, peer.Meta.Namespace);
        return winner is null || winner.Meta.Key == peer.Meta.Key ? null : winner;
    }

    private static StatusReport Status(PeerSource peer, PeerSource? older) => new()
    {
        ApiVersion = peer.Meta.ApiVersion,
        Kind = peer.Meta.Kind,
        Namespace = peer.Meta.Namespace,
        Name = peer.Meta.Name,
        Generation = peer.Refusal?.Generation ?? peer.Meta.Generation,
        Conditions =
        [
            peer.Refusal is { } refusal ? RefusalReports.Condition(refusal, Consequence)
            : older is not null ? Condition.False(Condition.Accepted, "Conflicted", $"{older.Meta.Namespace}/{older.Meta.Name} is older and speaks for the same scope")
            : Condition.True(Condition.Accepted, "Accepted", "the policy is in force"),
        ],
    };

    private static Finding Warning(PeerSource peer, string code, string field, string message) =>
        new(code, FindingLevel.Warning, peer.Meta.Kind, peer.Meta.Namespace, peer.Meta.Name, field, message);
}
