using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Resources.Smi;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Routes.TrafficSplits;

/// <summary>TrafficSplit (split.smi-spec.io v1alpha1 to v1alpha4) as JSON; weights of v1alpha1 are quantities.</summary>
internal static class TrafficSplitReader
{
    public const int MaxBackends = 256;

    public static TrafficSplitSource Read(JsonObject manifest, SourceMeta meta, string clusterDomain, TrafficSplitSource? old)
    {
        var problems = new RouteProblems(meta);
        var read = problems.Try(() => Read(new JsonView(manifest, "")["spec"], meta, clusterDomain, problems));
        foreach (var unknown in ResourceReader.Check<TrafficSplitSpec>(manifest["spec"]).Where(static p => p.Kind == FieldProblemKind.Unknown))
        {
            problems.Warn(FindingCodes.UnknownField, unknown.Path, unknown.Message);
        }

        return problems.HasErrors
            ? (old ?? new TrafficSplitSource(meta, "", [], [], null, [])) with
            {
                Meta = meta,
                Refusal = new Refusal(meta.Generation, problems.Errors, "Invalid", old is { Host.Length: > 0 }),
                Notes = problems.Warnings,
            }
            : read! with { Notes = problems.Warnings };
    }

    private static TrafficSplitSource Read(JsonView spec, SourceMeta meta, string clusterDomain, RouteProblems problems)
    {
        string root = spec.Text("service");
        if (!RouteHosts.IsValid(root) || RouteHosts.IsWildcard(root))
        {
            throw new FieldException("spec.service", root.Length == 0 ? "is required" : $"'{RouteFields.Shortened(root)}' is not a service");
        }

        var views = spec.List("backends").ToList();
        if (views.Count is 0 or > MaxBackends)
        {
            throw new FieldException("spec.backends", $"has {views.Count} backends, 1 to {MaxBackends} are allowed");
        }

        var weights = views.Select(v => WrittenQuantity.Thousandths(v["weight"].Node)
            ?? throw new FieldException(v["weight"].Path, "is neither a whole number nor a quantity such as 500m")).ToList();
        if (weights.Sum() == 0)
        {
            problems.Error("spec.backends", "weights sum to 0; give at least one backend a weight over 0");
        }

        // Whole numbers stay as they are written; fractions of v1alpha1 are counted in thousandths.
        bool whole = weights.TrueForAll(static w => w % 1000 == 0);
        return new TrafficSplitSource(
            meta,
            RouteHosts.Full(root, meta.Namespace, clusterDomain),
            [.. views.Select((v, i) => new WrittenDestination(v.Path, Service(v, meta, clusterDomain), null, 0) { Weight = (uint)(whole ? weights[i] / 1000 : weights[i]), KeepsPort = true })],
            [.. spec.List("matches").Select(m => Group(m, meta))],
            null,
            []);
    }

    private static string Service(JsonView backend, SourceMeta meta, string clusterDomain)
    {
        string service = backend.Text("service");
        return RouteHosts.IsValid(service) && !RouteHosts.IsWildcard(service)
            ? RouteHosts.Full(service, meta.Namespace, clusterDomain)
            : throw new FieldException($"{backend.Path}.service", service.Length == 0 ? "is required" : $"'{RouteFields.Shortened(service)}' is not a service");
    }

    private static ObjectKey Group(JsonView match, SourceMeta meta) => match.Text("kind") is "HTTPRouteGroup" && match.Text("name") is { Length: > 0 } name
        ? new ObjectKey(RouteKind.RouteGroup, meta.Namespace, name)
        : throw new FieldException(match.Path, "needs kind HTTPRouteGroup and a name");
}
