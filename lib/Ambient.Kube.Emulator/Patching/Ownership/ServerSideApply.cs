using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>Server-side apply.</summary>
internal static class ServerSideApply
{
    public static JsonObject Merge(ResourceType type, JsonObject? current, JsonObject applied, WriteContext context, bool force, TimeProvider time) =>
        throw new ApiException(415, "UnsupportedMediaType", "server-side apply is not served yet");
}
