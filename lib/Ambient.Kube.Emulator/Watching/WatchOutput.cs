using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Printing;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Watching;

/// <summary>Writes watch events, a line each, in the form that the watcher asked for.</summary>
internal sealed class WatchOutput(ApiRequest request, TimeProvider time)
{
    private readonly RequestedForm form = RequestedForm.Of(request.Http.Request.Headers.Accept.ToString());

    public async Task StartAsync(CancellationToken ct)
    {
        request.Http.Response.StatusCode = 200;
        request.Http.Response.ContentType = "application/json";
        request.Http.Response.Headers.CacheControl = "no-cache, private";
        await request.Http.Response.Body.FlushAsync(ct);
    }

    public async Task EventAsync(string type, StoredObject stored, CancellationToken ct)
    {
        if (form.Kind == FormKind.Plain && stored.ApiVersion == request.Type.ApiVersion)
        {
            await LineAsync(type, stored.Bytes, ct);
            return;
        }

        JsonObject value = ObjectWriter.Versioned(request.Type, stored);
        JsonObject body = form.Kind switch
        {
            FormKind.Table => Tables.Of(request.Type, [value], form, time.GetUtcNow(), request.Query("includeObject"), value.Text("metadata", "resourceVersion")),
            FormKind.Metadata => ReadEndpoint.Metadata(value, form.Version, "PartialObjectMetadata"),
            _ => value,
        };
        await LineAsync(type, JsonText.Bytes(body), ct);
    }

    public Task BookmarkAsync(long version, bool initialEnd, CancellationToken ct)
    {
        var meta = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
        if (initialEnd)
        {
            meta["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        JsonObject body = form.Kind switch
        {
            FormKind.Table => Tables.Of(request.Type, [], form, time.GetUtcNow(), "None", version.ToString(CultureInfo.InvariantCulture)),
            FormKind.Metadata => new JsonObject { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = $"meta.k8s.io/{form.Version}", ["metadata"] = meta },
            _ => new JsonObject { ["kind"] = request.Type.Kind, ["apiVersion"] = request.Type.ApiVersion, ["metadata"] = meta },
        };
        return LineAsync("BOOKMARK", JsonText.Bytes(body), ct);
    }

    public Task ErrorAsync(ApiException error, CancellationToken ct) => LineAsync("ERROR", JsonText.Bytes(error.ToStatus()), ct);

    private async Task LineAsync(string type, byte[] body, CancellationToken ct)
    {
        Stream stream = request.Http.Response.Body;
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{{\"type\":\"{type}\",\"object\":"), ct);
        await stream.WriteAsync(body, ct);
        await stream.WriteAsync("}\n"u8.ToArray(), ct);
        await stream.FlushAsync(ct);
    }
}
