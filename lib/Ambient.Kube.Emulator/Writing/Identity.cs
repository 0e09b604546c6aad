using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>What makes an object the one it is: kind, namespace, name, uid, and the metadata that only the server writes.</summary>
internal static class Identity
{
    private static readonly string[] ServerSide = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion"];

    public static void CheckKind(ResourceType type, JsonObject value)
    {
        string apiVersion = value.Text("apiVersion") ?? "", kind = value.Text("kind") ?? "";
        if (apiVersion.Length == 0)
        {
            value["apiVersion"] = apiVersion = type.ApiVersion;
        }

        if (kind.Length == 0)
        {
            value["kind"] = kind = type.Kind;
        }

        if (apiVersion != type.ApiVersion)
        {
            throw ApiErrors.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({type.ApiVersion})");
        }

        if (kind != type.Kind)
        {
            throw ApiErrors.BadRequest($"{kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: no kind \"{kind}\" is registered for this resource");
        }
    }

    public static void Place(ResourceType type, string ns, JsonObject value)
    {
        string given = value.Text("metadata", "namespace") ?? "";
        if (!type.Namespaced)
        {
            value.Meta().Remove("namespace");
        }
        else if (given.Length > 0 && given != ns)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
        else
        {
            value.Meta()["namespace"] = ns;
        }
    }

    /// <summary>Makes a name of generateName: at most 58 characters of it and five random ones, as the real server does.</summary>
    public static void Name(JsonObject value, ResourceType type)
    {
        if (!string.IsNullOrEmpty(value.Text("metadata", "name")))
        {
            return;
        }

        if (value.Text("metadata", "generateName") is { Length: > 0 } prefix)
        {
            value.Meta()["name"] = prefix[..Math.Min(prefix.Length, 58)] + RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
            return;
        }

        throw ApiErrors.Invalid(type, "", [FieldError.Required("metadata.name", "name or generateName is required")]);
    }

    public static void CheckUid(ResourceType type, StoredObject old, JsonObject value)
    {
        string name = value.Text("metadata", "name") ?? old.Name;
        if (name != old.Name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({old.Name})");
        }

        if (value.Text("metadata", "uid") is { Length: > 0 } uid && uid != old.Uid)
        {
            throw ApiErrors.Conflict(type, old.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Uid}");
        }
    }

    public static void KeepServerSide(JsonObject before, JsonObject value)
    {
        JsonObject meta = value.Meta();
        meta["name"] = before.Text("metadata", "name");
        if (before.Text("metadata", "namespace") is { } ns)
        {
            meta["namespace"] = ns;
        }

        foreach (string field in ServerSide)
        {
            if (before.At("metadata", field) is { } kept)
            {
                meta[field] = kept.DeepClone();
            }
            else
            {
                meta.Remove(field);
            }
        }
    }
}
