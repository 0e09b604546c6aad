using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>Columns of what makes pods.</summary>
internal static class WorkloadColumns
{
    private static readonly Column[] Wide =
    [
        new("Containers", (o, _) => Join(o, "name")) { Priority = 1 },
        new("Images", (o, _) => Join(o, "image")) { Priority = 1 },
        new("Selector", (o, _) => Selectors.Show(o.Object("spec", "selector"))) { Priority = 1 },
    ];

    public static readonly Column[] Deployments =
    [
        Columns.Name, ReadyOf("spec"), BuiltInColumns.Number("Up-to-date", "status", "updatedReplicas"), BuiltInColumns.Number("Available", "status", "availableReplicas"), Columns.Age, .. Wide,
    ];

    public static readonly Column[] ReplicaSets =
    [
        Columns.Name, BuiltInColumns.Number("Desired", "spec", "replicas"), BuiltInColumns.Number("Current", "status", "replicas"), BuiltInColumns.Number("Ready", "status", "readyReplicas"), Columns.Age, .. Wide,
    ];

    public static readonly Column[] DaemonSets =
    [
        Columns.Name, BuiltInColumns.Number("Desired", "status", "desiredNumberScheduled"), BuiltInColumns.Number("Current", "status", "currentNumberScheduled"),
        BuiltInColumns.Number("Ready", "status", "numberReady"), BuiltInColumns.Number("Up-to-date", "status", "updatedNumberScheduled"), BuiltInColumns.Number("Available", "status", "numberAvailable"),
        new("Node Selector", (o, _) => Selectors.Labels(o.Object("spec", "template", "spec", "nodeSelector"))), Columns.Age, .. Wide,
    ];

    public static readonly Column[] StatefulSets = [Columns.Name, ReadyOf("spec"), Columns.Age, .. Wide[..2]];

    public static readonly Column[] Jobs =
    [
        Columns.Name,
        new("Status", (o, _) => o.Items("status", "conditions").FirstOrDefault(c => c.Text("status") == "True").Text("type") ?? "Running"),
        new("Completions", (o, _) => $"{o.Number("status", "succeeded") ?? 0}/{o.Number("spec", "completions") ?? 1}"),
        new("Duration", (o, now) => Duration(o, now)), Columns.Age, .. Wide,
    ];

    private static Column ReadyOf(string wanted) =>
        new("Ready", (o, _) => $"{o.Number("status", "readyReplicas") ?? 0}/{o.Number(wanted, "replicas") ?? 0}");

    private static string Join(JsonObject o, string field) =>
        string.Join(',', o.Items("spec", "template", "spec", "containers").Select(c => c.Text(field)));

    private static string Duration(JsonObject job, DateTimeOffset now) =>
        job.Text("status", "startTime") is not { } start ? ""
        : job.Text("status", "completionTime") is { } end && DateTimeOffset.TryParse(end, System.Globalization.CultureInfo.InvariantCulture, out DateTimeOffset at) ? Ages.Since(start, at)
        : Ages.Since(start, now);
}
