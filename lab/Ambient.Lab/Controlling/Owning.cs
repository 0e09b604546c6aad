using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Controlling;

/// <summary>Controller owner references.</summary>
internal static class Owning
{
    /// <summary>Uid of the owner that controls an object.</summary>
    public static string? ControllerOf(IKubeObject value) => value.Metadata.OwnerReferences.FirstOrDefault(o => o.Controller == true)?.Uid;

    public static JsonObject Reference(string apiVersion, string kind, ObjectMeta owner) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
