using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Storage;

/// <summary>A field selector, <c>a.b=c,d.e!=f</c>, on the fields that the resource supports.</summary>
internal sealed partial class FieldSelector
{
    private readonly List<(string[] Path, bool Negated, string Value)> terms = [];

    public bool IsEmpty => terms.Count == 0;

    public static FieldSelector Parse(string? text, ResourceType type)
    {
        var selector = new FieldSelector();
        foreach (string part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Match m = Shape.Match(part);
            if (!m.Success)
            {
                throw ApiErrors.BadRequest($"invalid field selector: {part}");
            }

            string field = m.Groups[1].Value;
            if (!Supported(type, field))
            {
                throw ApiErrors.BadRequest($"field label not supported: {field}");
            }

            selector.terms.Add((field.Split('.'), m.Groups[2].Value == "!=", m.Groups[3].Value));
        }

        return selector;
    }

    public bool Matches(JsonObject value) =>
        terms.TrueForAll(t => ((Read(value, t.Path) ?? "") == t.Value) != t.Negated);

    /// <summary>The name that the selector asks for, where it asks for one.</summary>
    public string? ExactName => terms.Where(t => !t.Negated && t.Path is ["metadata", "name"]).Select(t => t.Value).FirstOrDefault();

    private static string? Read(JsonObject value, string[] path) => path switch
    {
        ["reportingComponent"] or ["source"] => value.Text("source", "component") ?? value.Text("reportingComponent"),
        ["status", "phase"] when value.Text("kind") == "Pod" => value.Text(path) ?? "Pending",
        _ => value.At(path).Plain(),
    };

    private static bool Supported(ResourceType type, string field) => field is "metadata.name" or "metadata.namespace"
        || type.Custom?.SelectableFields.Contains(field) == true
        || (type.Shelf, field) switch
        {
            ("/pods", "spec.nodeName" or "spec.restartPolicy" or "spec.schedulerName" or "spec.serviceAccountName" or "spec.hostNetwork"
                or "status.phase" or "status.podIP" or "status.nominatedNodeName") => true,
            ("/nodes", "spec.unschedulable") => true,
            ("/namespaces", "status.phase" or "name") => true,
            ("/secrets", "type") => true,
            ("/services", "spec.clusterIP" or "spec.type") => true,
            ("apps/replicasets" or "apps/deployments", "status.replicas") => true,
            ("batch/jobs", "status.successful") => true,
            ("/events", "involvedObject.kind" or "involvedObject.namespace" or "involvedObject.name" or "involvedObject.uid"
                or "involvedObject.apiVersion" or "involvedObject.resourceVersion" or "involvedObject.fieldPath"
                or "reason" or "reportingComponent" or "source" or "type"
                or "regarding.kind" or "regarding.namespace" or "regarding.name" or "regarding.uid") => true,
            _ => false,
        };

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9.\-\[\]/]*)\s*(==|=|!=)\s*(.*)$")]
    private static partial Regex Shape { get; }
}
