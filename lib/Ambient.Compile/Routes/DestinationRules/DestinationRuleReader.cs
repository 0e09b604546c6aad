using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Resources.Istio.Networking;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>DestinationRule (networking.istio.io v1, v1beta1, v1alpha3) as JSON → <see cref="DestinationRuleSource"/>.</summary>
internal static class DestinationRuleReader
{
    public const int MaxSubsets = 1024;

    public static DestinationRuleSource Read(JsonObject manifest, SourceMeta meta, string clusterDomain, DestinationRuleSource? old)
    {
        var problems = new RouteProblems(meta);
        var read = problems.Try(() => Read(new JsonView(manifest, "")["spec"], meta, clusterDomain, problems));
        foreach (var unknown in ResourceReader.Check<DestinationRuleSpec>(manifest["spec"]).Where(static p => p.Kind == FieldProblemKind.Unknown))
        {
            problems.Warn(FindingCodes.UnknownField, unknown.Path, unknown.Message);
        }

        return problems.HasErrors
            ? (old ?? new DestinationRuleSource(meta, "", [], null, [], null, [])) with
            {
                Meta = meta,
                Refusal = new Refusal(meta.Generation, problems.Errors, "Invalid", old is { Host.Length: > 0 }),
                Notes = problems.Warnings,
            }
            : read! with { Notes = problems.Warnings };
    }

    private static DestinationRuleSource Read(JsonView spec, SourceMeta meta, string clusterDomain, RouteProblems problems)
    {
        string host = spec.Text("host");
        if (!RouteHosts.IsValid(host))
        {
            throw new FieldException("spec.host", host.Length == 0 ? "is required" : $"'{RouteFields.Shortened(host)}' is not a host name");
        }

        // Without a host the rule is nobody's: what was meant for some clients is not given to all.
        bool forSome = spec["workloadSelector"]["matchLabels"].Exists && spec["workloadSelector"].Map("matchLabels").Count > 0;
        if (forSome)
        {
            problems.Warn(
                FindingCodes.UnsupportedRouteField, "spec.workloadSelector",
                "selects clients that have a proxy of their own; waypoints and gateways are not among them, so the rule has no effect");
        }

        var reader = new TrafficPolicyReader(problems);
        return new DestinationRuleSource(
            meta, forSome ? "" : RouteHosts.Full(host, meta.Namespace, clusterDomain), [.. spec.Texts("exportTo")], reader.Read(spec["trafficPolicy"]), Subsets(spec, reader, problems), null, []);
    }

    private static ImmutableArray<WrittenSubset> Subsets(JsonView spec, TrafficPolicyReader reader, RouteProblems problems)
    {
        var subsets = ImmutableArray.CreateBuilder<WrittenSubset>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var views = spec.List("subsets").ToList();
        if (views.Count > MaxSubsets)
        {
            throw new FieldException("spec.subsets", $"has {views.Count} subsets, at most {MaxSubsets} are allowed");
        }

        foreach (var view in views)
        {
            string name = view.Text("name");
            if (name.Length is 0 or > 63 || !names.Add(name))
            {
                problems.Error($"{view.Path}.name", name.Length == 0 ? "is required" : $"'{RouteFields.Shortened(name)}' is there already or too long");
                continue;
            }

            subsets.Add(new WrittenSubset(name, view.Map("labels").ToImmutableSortedDictionary(StringComparer.Ordinal), reader.Read(view["trafficPolicy"])));
        }

        return subsets.ToImmutable();
    }
}
