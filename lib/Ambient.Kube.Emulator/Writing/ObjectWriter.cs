using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Admission;
using Ambient.Kube.Emulator.Patching.Ownership;
using Ambient.Kube.Emulator.Schemas;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>
/// The way of an object into the store: 1. decoded by its schema, 2. defaulted, 3. field owners recorded, 4. admitted (addresses, accounts:
/// what admission adds nobody owns), 5. validated, 6. committed. Requests and controllers write through here alike.
/// </summary>
internal sealed class ObjectWriter(ResourceStore store, ResourceCatalog catalog, AdmissionChain admission, TimeProvider time)
{
    public TimeProvider Time => time;

    public StoredObject Create(ResourceType type, string ns, JsonObject value, WriteContext context)
    {
        Identity.CheckKind(type, value);
        Identity.Place(type, ns, value);
        Decode(type, value, context);
        Identity.Name(value, type);
        JsonObject meta = value.Meta();
        foreach (string serverSide in (string[])["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion"])
        {
            meta.Remove(serverSide);
        }

        meta["uid"] = Guid.NewGuid().ToString();
        meta["creationTimestamp"] = Timestamp(time.GetUtcNow());
        if (KeepsGeneration(type))
        {
            meta["generation"] = 1;
        }
        else
        {
            meta.Remove("generation");
        }

        StatusSplit.ForCreate(type, value);
        return Admit(type, value, context);
    }

    private StoredObject Admit(ResourceType type, JsonObject value, WriteContext context)
    {
        JsonNode? claimed = value.At("metadata", "managedFields")?.DeepClone();
        KindDefaults.Fill(type, value);
        SchemaDefaulter.Fill(value, type.Schema);
        FieldOwners.RecordWrite(type, null, value, context, claimed, time);
        using AdmissionScope scope = admission.Create(type, value, context);
        string name = value.Text("metadata", "name")!;
        ObjectValidation.Throw(type, name, ObjectValidation.New(type, value));
        if (store.Find(type.Shelf, value.Text("metadata", "namespace") ?? "", name) is not null)
        {
            throw ApiErrors.AlreadyExists(type, name);
        }

        JsonObject form = StoredForm(type, value);
        if (context.DryRun)
        {
            return new StoredObject(form, 0);
        }

        StoredObject stored = store.Add(type.Shelf, form) ?? throw ApiErrors.AlreadyExists(type, name);
        scope.Keep();
        return stored;
    }

    /// <summary>Writes a changed form of <paramref name="old"/>; null where somebody else was faster.</summary>
    public StoredObject? Update(ResourceType type, StoredObject old, JsonObject value, WriteContext context)
    {
        Identity.CheckKind(type, value);
        JsonObject before = Versioned(type, old);
        Decode(type, value, context);
        if (value.Text("metadata", "resourceVersion") is { Length: > 0 } asked
            && asked != old.Version.ToString(CultureInfo.InvariantCulture))
        {
            throw ApiErrors.StaleVersion(type, old.Name);
        }

        Identity.CheckUid(type, old, value);
        JsonNode? claimed = value.At("metadata", "managedFields")?.DeepClone();
        StatusSplit.ForUpdate(type, before, value, context.Subresource);
        Identity.KeepServerSide(before, value);
        KindDefaults.Fill(type, value, before);
        SchemaDefaulter.Fill(value, type.Schema);
        FieldOwners.RecordWrite(type, before, value, context, claimed, time);
        using AdmissionScope scope = admission.Update(type, before, value, context);
        ObjectValidation.Throw(type, old.Name, ObjectValidation.Changed(type, before, value));
        Count(type, before, value);
        if (Same(before, value))
        {
            return old;
        }

        JsonObject form = StoredForm(type, value);
        if (context.DryRun)
        {
            return new StoredObject(form, old.Version);
        }

        bool gone = old.IsTerminating && !Finalizers.Remain(form) && Finalizers.GraceOver(form);
        StoredObject? stored = gone ? RemoveAs(type, old, form) : store.Replace(type.Shelf, old, form);
        if (stored is not null)
        {
            scope.Keep();
        }

        return stored;
    }

    /// <summary>The object in a served version: a shared value where that is the stored one.</summary>
    public static JsonObject Versioned(ResourceType type, StoredObject stored)
    {
        if (stored.ApiVersion == type.ApiVersion)
        {
            return stored.Value;
        }

        return EventForms.Convert(type, stored.Value) ?? Relabel(type, stored.Value.Copy());
    }

    public static string Timestamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static JsonObject Relabel(ResourceType type, JsonObject copy)
    {
        copy["apiVersion"] = type.ApiVersion;
        SchemaDefaulter.Fill(copy, type.Schema);
        return copy;
    }

    private JsonObject StoredForm(ResourceType type, JsonObject value)
    {
        if (type.Custom is { } custom && custom.StorageVersion != type.Version)
        {
            value["apiVersion"] = $"{type.Group}/{custom.StorageVersion}";
        }
        else if (type.Shelf == "/events" && type.Group.Length > 0)
        {
            return EventForms.ToCore(value, catalog);
        }

        return value;
    }

    private StoredObject? RemoveAs(ResourceType type, StoredObject old, JsonObject form)
    {
        StoredObject? last = store.Replace(type.Shelf, old, form);
        return last is null ? null : store.Remove(type.Shelf, last) ?? last;
    }

    /// <summary>Drops what the schema does not know and says so as the caller asked.</summary>
    public static void Decode(ResourceType type, JsonObject value, WriteContext context)
    {
        SchemaReader reader = SchemaReader.Read(value, type.Schema, strictTypes: type.Custom is null);
        string prefix = $"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: ";
        if (reader.TypeError is { } wrong)
        {
            throw ApiErrors.BadRequest(prefix + wrong);
        }

        if (reader.Unknown.Count == 0 || context.FieldValidation == "Ignore")
        {
            return;
        }

        IEnumerable<string> complaints = reader.Unknown.Select(u => $"unknown field \"{u}\"");
        if (context.FieldValidation == "Strict")
        {
            throw ApiErrors.BadRequest(prefix + "strict decoding error: " + string.Join(", ", complaints));
        }

        foreach (string complaint in complaints)
        {
            context.Warn(complaint);
        }
    }

    private static bool KeepsGeneration(ResourceType type) => type.Custom is not null
        || type.Group is "apps" or "batch" or "policy" or "autoscaling" or "networking.k8s.io" or "apiextensions.k8s.io" or "admissionregistration.k8s.io" or "discovery.k8s.io"
        || type.Shelf == "/pods";

    /// <summary>Generation counts changes of what is desired: everything but metadata, and status where it is a subresource.</summary>
    private static void Count(ResourceType type, JsonObject before, JsonObject after)
    {
        if (!KeepsGeneration(type))
        {
            return;
        }

        long generation = before.Number("metadata", "generation") ?? 1;
        after.Meta()["generation"] = JsonNode.DeepEquals(Desired(type, before), Desired(type, after)) ? generation : generation + 1;
    }

    private static JsonObject Desired(ResourceType type, JsonObject value)
    {
        var desired = new JsonObject();
        foreach ((string name, JsonNode? field) in value)
        {
            if (name is not ("metadata" or "apiVersion" or "kind") && !(name == "status" && type.HasStatus))
            {
                desired[name] = field?.DeepClone();
            }
        }

        return desired;
    }

    private static bool Same(JsonObject before, JsonObject after)
    {
        static JsonObject Plain(JsonObject value)
        {
            JsonObject copy = value.Copy();
            copy.Meta().Remove("resourceVersion");
            foreach (JsonNode? entry in copy.Items("metadata", "managedFields"))
            {
                (entry as JsonObject)?.Remove("time");
            }

            return copy;
        }

        return JsonNode.DeepEquals(Plain(before), Plain(after));
    }
}
