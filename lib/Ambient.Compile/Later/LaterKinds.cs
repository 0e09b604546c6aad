using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Resources.GatewayApi;
using Ambient.Resources.Istio.Networking;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Later;

/// <summary>
/// Kinds that are read and checked, and do nothing in this version: who applies one is told so, and never left to believe that it works.
/// </summary>
internal static class LaterKinds
{
    private static readonly Dictionary<string, Kind> Known = new(StringComparer.Ordinal)
    {
        ["networking.istio.io/WorkloadGroup"] = Of<WorkloadGroupSpec>(FindingLevel.Info, "has no effect by itself: write a WorkloadEntry for each machine"),
    };

    private static readonly ILookup<string, string> Served = CrdManifests.Kinds();

    /// <summary>Kinds that do something, of which only the fields are checked here.</summary>
    private static readonly Dictionary<string, Func<JsonNode?, IReadOnlyList<FieldProblem>>> Checked = new(StringComparer.Ordinal)
    {
        [KnownKinds.Gateway] = ResourceReader.Check<Ambient.Resources.GatewayApi.GatewaySpec>,
        [KnownKinds.ListenerSet] = ResourceReader.Check<ListenerSetSpec>,
        [KnownKinds.GatewayClass] = ResourceReader.Check<GatewayClassSpec>,
        [KnownKinds.HttpRoute] = ResourceReader.Check<HTTPRouteSpec>,
        [KnownKinds.GrpcRoute] = ResourceReader.Check<GRPCRouteSpec>,
        [KnownKinds.TlsRoute] = ResourceReader.Check<TLSRouteSpec>,
        [KnownKinds.UdpRoute] = ResourceReader.Check<UDPRouteSpec>,
        [KnownKinds.TcpRoute] = ResourceReader.Check<TCPRouteSpec>,
        [KnownKinds.BackendTlsPolicy] = ResourceReader.Check<BackendTLSPolicySpec>,
        [KnownKinds.ReferenceGrant] = ResourceReader.Check<ReferenceGrantSpec>,
    };

    private sealed record Kind(Func<JsonNode?, IReadOnlyList<FieldProblem>> Check, FindingLevel Level, string Message);

    /// <summary>What to say about an object; empty for one of a group that is none of ours.</summary>
    public static IEnumerable<Finding> Findings(JsonObject manifest, SourceMeta meta)
    {
        if (Checked.TryGetValue(meta.Key.Kind, out var check))
        {
            return Problems(check);
        }

        return Known.TryGetValue(meta.Key.Kind, out var kind)
            ? [.. Problems(kind.Check), Finding(FindingCodes.NeedsWaypoint, kind.Level, "", kind.Message)]
            : Unknown(meta);

        IEnumerable<Finding> Problems(Func<JsonNode?, IReadOnlyList<FieldProblem>> check) => check(manifest["spec"]).Select(p => Finding(
            p.Kind == FieldProblemKind.Unknown ? FindingCodes.UnknownField : FindingCodes.InvalidField,
            p.Kind == FieldProblemKind.Unknown ? FindingLevel.Warning : FindingLevel.Error, p.Path, p.Message));

        Finding Finding(string code, FindingLevel level, string field, string message) =>
            new(code, level, meta.Kind, meta.Namespace, meta.Name, field, message);
    }

    /// <summary>A kind that one of the groups served does not have is a typing error, and would be a policy that nobody enforces.</summary>
    private static IEnumerable<Finding> Unknown(SourceMeta meta)
    {
        int slash = meta.Key.Kind.IndexOf('/', StringComparison.Ordinal);
        string group = slash < 0 ? "" : meta.Key.Kind[..slash];
        string[] kinds = [.. Served[group]];
        if (kinds.Length == 0 || kinds.Contains(meta.Kind) || group == RouteSource.Group)
        {
            return [];
        }

        return
        [
            new Finding(FindingCodes.UnknownKind, FindingLevel.Error, meta.Kind, meta.Namespace, meta.Name, "kind",
                $"{group} has no kind {meta.Kind}, so this has no effect; it has {string.Join(", ", kinds)}"),
        ];
    }

    private static Kind Of<TSpec>(FindingLevel level, string message) where TSpec : class => new(ResourceReader.Check<TSpec>, level, message);
}
