using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Resources.Istio.Networking;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>VirtualService (networking.istio.io v1, v1beta1, v1alpha3) as JSON → <see cref="VirtualServiceSource"/>.</summary>
internal static class VirtualServiceReader
{
    public const int MaxRules = 10_000;

    public static VirtualServiceSource Read(JsonObject manifest, SourceMeta meta, string clusterDomain, VirtualServiceSource? old)
    {
        var problems = new RouteProblems(meta);
        var read = problems.Try(() => Read(new JsonView(manifest, "")["spec"], meta, clusterDomain, problems));
        foreach (var unknown in ResourceReader.Check<VirtualServiceSpec>(manifest["spec"]).Where(static p => p.Kind == FieldProblemKind.Unknown))
        {
            problems.Warn(FindingCodes.UnknownField, unknown.Path, unknown.Message);
        }

        return problems.HasErrors
            ? (old ?? Empty(meta)) with
            {
                Meta = meta,
                Refusal = new Refusal(meta.Generation, problems.Errors, "Invalid", old is { Refusal: null } or { Refusal.LastGoodInForce: true }),
                Notes = problems.Warnings,
            }
            : read! with { Notes = problems.Warnings };
    }

    private static VirtualServiceSource Empty(SourceMeta meta) => new(meta, [], [VirtualServiceSource.Mesh], [], [], [], [], null, []);

    private static VirtualServiceSource Read(JsonView spec, SourceMeta meta, string clusterDomain, RouteProblems problems)
    {
        var hosts = Hosts(spec, meta, clusterDomain, problems);
        var gateways = spec.Texts("gateways").Select(g => GatewayNames.Full(g, meta.Namespace)).Distinct(StringComparer.Ordinal).ToImmutableArray();
        var rules = new RuleReader(meta, clusterDomain, isDelegate: hosts.IsEmpty, problems);
        var source = new VirtualServiceSource(
            meta,
            hosts,
            gateways.IsEmpty ? [VirtualServiceSource.Mesh] : gateways,
            [.. spec.Texts("exportTo")],
            Rules(spec, "http", problems, rules.Http),
            Rules(spec, "tls", problems, rules.Tls),
            Rules(spec, "tcp", problems, rules.Tcp),
            null,
            []);
        if (hosts.Contains("*") && source.Gateways.Contains(VirtualServiceSource.Mesh))
        {
            problems.Error("spec.hosts", "'*' would speak for every host of the mesh: name hosts, or gateways without mesh");
        }

        if (hosts.IsEmpty && !gateways.IsEmpty)
        {
            problems.Error("spec.gateways", "a VirtualService without hosts is only delegated to, and has no gateways of its own");
        }

        if (source.Http.IsEmpty && source.Tls.IsEmpty && source.Tcp.IsEmpty && !problems.HasErrors)
        {
            problems.Error("spec", "needs at least one of http, tls and tcp");
        }

        return source;
    }

    private static ImmutableArray<string> Hosts(JsonView spec, SourceMeta meta, string clusterDomain, RouteProblems problems)
    {
        var hosts = ImmutableArray.CreateBuilder<string>();
        foreach (var view in spec.List("hosts"))
        {
            string host = view.Text() ?? "";
            if (!RouteHosts.IsValid(host))
            {
                problems.Error(view.Path, $"'{RouteFields.Shortened(host)}' is not a host name");
                continue;
            }

            hosts.Add(RouteHosts.Full(host, meta.Namespace, clusterDomain));
        }

        return [.. hosts.Distinct(StringComparer.Ordinal)];
    }

    private static ImmutableArray<T> Rules<T>(JsonView spec, string name, RouteProblems problems, Func<JsonView, int, T> read) where T : class
    {
        var views = spec.List(name).ToList();
        if (views.Count > MaxRules)
        {
            problems.Error($"spec.{name}", $"has {views.Count} rules, at most {MaxRules} are allowed; split them by host");
            return [];
        }

        return [.. views.Select((view, i) => problems.Try(() => read(view, i))).OfType<T>()];
    }
}
