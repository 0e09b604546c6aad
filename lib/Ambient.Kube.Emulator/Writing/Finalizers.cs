using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>What still keeps an object that is being deleted.</summary>
internal static class Finalizers
{
    public static bool Remain(JsonObject value) =>
        value.Items("metadata", "finalizers").Any()
        || (value.Text("kind") == "Namespace" && value.Text("apiVersion") == "v1" && value.Items("spec", "finalizers").Any());

    /// <summary>A pod stays until its kubelet says that grace is over (deletes it with grace 0).</summary>
    public static bool GraceOver(JsonObject value) => value.Number("metadata", "deletionGracePeriodSeconds") is null or 0;
}
