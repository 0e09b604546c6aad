using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Resources.Istio.Networking;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Gateways.Istio;

/// <summary>Gateway (networking.istio.io) as JSON → <see cref="IstioGatewaySource"/>.</summary>
internal static class IstioGatewayReader
{
    public const int MaxServers = 1_000;

    public static IstioGatewaySource Read(JsonObject manifest, SourceMeta meta, IstioGatewaySource? old)
    {
        var problems = new RouteProblems(meta);
        var spec = new JsonView(manifest, "")["spec"];
        var selector = problems.Try(() => spec.Map("selector")) ?? [];
        var servers = problems.Try(() => spec.List("servers").ToList()) ?? [];
        if (servers.Count is 0 or > MaxServers)
        {
            problems.Error("spec.servers", servers.Count == 0 ? "must have at least one server" : $"has {servers.Count} servers, at most {MaxServers} are allowed");
            servers = [];
        }

        var read = servers.Select((s, i) => problems.Try(() => IstioServerReader.Read(s, i, meta, problems))).OfType<IstioServerSource>().ToImmutableArray();
        foreach (var unknown in ResourceReader.Check<GatewaySpec>(manifest["spec"]).Where(static p => p.Kind == FieldProblemKind.Unknown))
        {
            problems.Warn(FindingCodes.UnknownField, unknown.Path, unknown.Message);
        }

        return problems.HasErrors
            ? (old ?? new IstioGatewaySource(meta, selector, [], null, [])) with
            {
                Meta = meta,
                Refusal = new Refusal(meta.Generation, problems.Errors, "Invalid", old is { Refusal: null } or { Refusal.LastGoodInForce: true }),
                Notes = problems.Warnings,
            }
            : new IstioGatewaySource(meta, selector, read, null, problems.Warnings);
    }
}
