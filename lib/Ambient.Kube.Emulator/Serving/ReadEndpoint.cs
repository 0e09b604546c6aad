using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Printing;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>Get and list: plain, as Table, or as PartialObjectMetadata.</summary>
internal sealed class ReadEndpoint(ResourceStore store, TimeProvider time)
{
    public Task GetAsync(ApiRequest request)
    {
        StoredObject stored = store.Find(request.Type.Shelf, request.Namespace, request.Name) ?? throw ApiErrors.NotFound(request.Type, request.Name);
        return AnswerAsync(request, 200, stored);
    }

    public Task AnswerAsync(ApiRequest request, int code, StoredObject stored)
    {
        RequestedForm form = RequestedForm.Of(request.Http.Request.Headers.Accept.ToString());
        if (form.Kind == FormKind.Plain && stored.ApiVersion == request.Type.ApiVersion)
        {
            return ApiResponse.WriteAsync(request.Http, code, stored.Bytes);
        }

        JsonObject value = ObjectWriter.Versioned(request.Type, stored);
        JsonObject body = form.Kind switch
        {
            FormKind.Table => Tables.Of(request.Type, [value], form, time.GetUtcNow(), request.Query("includeObject"), value.Text("metadata", "resourceVersion")),
            FormKind.Metadata => Metadata(value, form.Version, "PartialObjectMetadata"),
            _ => value,
        };
        return ApiResponse.WriteAsync(request.Http, code, body);
    }

    public Task ListAsync(ApiRequest request)
    {
        RequestedForm form = RequestedForm.Of(request.Http.Request.Headers.Accept.ToString());
        LabelSelector labels = LabelSelector.Parse(request.Query("labelSelector"));
        FieldSelector fields = FieldSelector.Parse(request.Query("fieldSelector"), request.Type);
        var (items, version) = store.Snapshot(request.Type.Shelf);
        ContinueToken? token = ContinueToken.Parse(request.Query("continue"));
        if (token is not null && token.Version < store.OldestResumable)
        {
            throw new ApiException(410, "Expired", "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
        }

        CheckVersion(request, version);
        long limit = request.QueryNumber("limit") ?? 0;
        string prefix = request.Namespace.Length == 0 ? "" : request.Namespace + "/";
        var page = new List<StoredObject>();
        string? next = null;
        long remaining = 0;
        foreach (StoredObject stored in items.Values)
        {
            if ((prefix.Length > 0 && !stored.Key.StartsWith(prefix, StringComparison.Ordinal))
                || (token is not null && string.CompareOrdinal(stored.Key, token.After) <= 0)
                || !labels.Matches(stored.Value) || !fields.Matches(stored.Value))
            {
                continue;
            }

            if (limit > 0 && page.Count == limit)
            {
                remaining++;
                continue;
            }

            page.Add(stored);
            next = stored.Key;
        }

        // The first page's version goes on every page, so that a watch from it misses nothing that changed in between.
        long listVersion = token?.Version ?? version;
        string? more = remaining > 0 ? new ContinueToken(listVersion, next!).ToString() : null;
        return WriteListAsync(request, form, page, listVersion, more, remaining);
    }

    private void CheckVersion(ApiRequest request, long version)
    {
        if (request.QueryNumber("resourceVersion") is { } asked && asked > version)
        {
            throw new ApiException(504, "Timeout", $"Too large resource version: {asked}, current: {version}", new JsonObject
            {
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
                ["retryAfterSeconds"] = 1,
            });
        }

        if (request.Query("resourceVersionMatch") == "Exact" && request.QueryNumber("resourceVersion") is { } exact && exact < version && exact < store.OldestResumable)
        {
            throw ApiErrors.Expired(exact, store.OldestResumable);
        }
    }

    private Task WriteListAsync(ApiRequest request, RequestedForm form, List<StoredObject> page, long version, string? more, long remaining)
    {
        string resourceVersion = version.ToString(CultureInfo.InvariantCulture);
        if (form.Kind == FormKind.Table)
        {
            JsonObject table = Tables.Of(request.Type, [.. page.Select(s => ObjectWriter.Versioned(request.Type, s))], form, time.GetUtcNow(), request.Query("includeObject"), resourceVersion);
            Continue(table.Meta(), more, remaining, request);
            return ApiResponse.WriteAsync(request.Http, 200, table);
        }

        bool partial = form.Kind == FormKind.Metadata;
        var meta = new JsonObject { ["resourceVersion"] = resourceVersion };
        Continue(meta, more, remaining, request);
        var head = new JsonObject
        {
            ["kind"] = partial ? "PartialObjectMetadataList" : request.Type.ListKind,
            ["apiVersion"] = partial ? $"meta.k8s.io/{form.Version}" : request.Type.ApiVersion,
            ["metadata"] = meta,
        };

        // Items are shared and belong to no list: they are written one after the other rather than put into one tree.
        using var body = new MemoryStream();
        byte[] start = JsonText.Bytes(head);
        body.Write(start.AsSpan(0, start.Length - 1));
        body.Write(",\"items\":["u8);
        for (int i = 0; i < page.Count; i++)
        {
            body.Write(i == 0 ? ""u8 : ","u8);
            body.Write(Item(request, page[i], partial ? form.Version : null));
        }

        body.Write("]}"u8);
        return ApiResponse.WriteAsync(request.Http, 200, body.ToArray());
    }

    private static byte[] Item(ApiRequest request, StoredObject stored, string? partialVersion)
    {
        if (partialVersion is null && stored.ApiVersion == request.Type.ApiVersion)
        {
            return stored.Bytes;
        }

        JsonObject value = ObjectWriter.Versioned(request.Type, stored);
        return JsonText.Bytes(partialVersion is null ? value : Metadata(value, partialVersion, "PartialObjectMetadata"));
    }

    private static void Continue(JsonObject meta, string? more, long remaining, ApiRequest request)
    {
        if (more is null)
        {
            return;
        }

        meta["continue"] = more;
        if (string.IsNullOrEmpty(request.Query("labelSelector")) && string.IsNullOrEmpty(request.Query("fieldSelector")))
        {
            meta["remainingItemCount"] = remaining;
        }
    }

    public static JsonObject Metadata(JsonObject value, string version, string kind) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = $"meta.k8s.io/{version}",
        ["metadata"] = value.At("metadata")?.DeepClone(),
    };
}
