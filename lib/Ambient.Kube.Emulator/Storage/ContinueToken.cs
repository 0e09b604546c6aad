using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Storage;

/// <summary>Where a paged list goes on, and the version of its first page. Opaque to callers.</summary>
internal sealed record ContinueToken(long Version, string After)
{
    public static ContinueToken? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            JsonNode? node = JsonText.Parse(Base64Url.DecodeFromChars(text));
            if (node.Number("rv") is { } version && node.Text("start") is { } after)
            {
                return new ContinueToken(version, after);
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Answered below.
        }

        throw ApiErrors.BadRequest("continue key is not valid: it cannot be decoded");
    }

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = Version, ["start"] = After }.ToJsonString()));
}
