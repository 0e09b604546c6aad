using System.Text.Json.Nodes;
using System.Threading.Channels;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;
using Ambient.Kube.Emulator.Writing;
using Microsoft.Extensions.Logging;

namespace Ambient.Kube.Emulator.Controllers;

/// <summary>
/// One task that follows every change: dependents go with their last owner (background), before it (foreground) or are let go (orphan);
/// a namespace that is being deleted is emptied and then finalized; a CRD's resources go with it; lost default accounts come back.
/// </summary>
internal sealed partial class GarbageCollector : IAsyncDisposable
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";
    private const int Backlog = 65536;

    private readonly ResourceStore store;
    private readonly ResourceCatalog catalog;
    private readonly ObjectDeleter deleter;
    private readonly NamespaceContents namespaces;
    private readonly ILogger logger;
    private readonly DependentIndex dependents = new();
    private readonly Channel<StoreEvent> changes = Channel.CreateBounded<StoreEvent>(new BoundedChannelOptions(Backlog) { SingleReader = true });
    private readonly StoreSubscription subscription;
    private readonly Task loop;
    private volatile bool fellBehind;

    public GarbageCollector(ResourceStore store, ResourceCatalog catalog, ObjectDeleter deleter, NamespaceContents namespaces, ILogger logger)
    {
        (this.store, this.catalog, this.deleter, this.namespaces, this.logger) = (store, catalog, deleter, namespaces, logger);
        subscription = store.Subscribe(Take);
        loop = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        store.Unsubscribe(subscription);
        changes.Writer.TryComplete();
        await loop;
    }

    private async Task RunAsync()
    {
        await foreach (StoreEvent e in changes.Reader.ReadAllAsync())
        {
            Follow(e);
            if (fellBehind && changes.Reader.Count == 0)
            {
                fellBehind = false;
                FollowEverything();
            }
        }
    }

    private void Follow(StoreEvent e)
    {
        try
        {
            Handle(e);
        }
        catch (Exception error)
        {
            HandlingFailed(logger, error, e.Shelf, e.Object.Key);
        }
    }

    /// <summary>After changes were lost: looks at every object as if it had just changed.</summary>
    private void FollowEverything()
    {
        dependents.Clear();
        foreach (ResourceType type in catalog.Current.Stored)
        {
            foreach (StoredObject stored in store.Shelf(type.Shelf).Values)
            {
                Follow(new StoreEvent(type.Shelf, ChangeKind.Modified, stored, null));
            }
        }
    }

    private void Take(StoreEvent e)
    {
        if (!changes.Writer.TryWrite(e))
        {
            fellBehind = true;
        }
    }

    private void Handle(StoreEvent e)
    {
        dependents.Follow(e);
        if (e.Kind == ChangeKind.Deleted)
        {
            Deleted(e);
        }
        else if (e.Object.IsTerminating)
        {
            Terminating(e);
        }
        else
        {
            CollectIfOrphaned(e.Shelf, e.Object);
        }
    }

    private void Deleted(StoreEvent e)
    {
        foreach ((string shelf, string key) in dependents.Of(e.Object.Uid))
        {
            if (store.Shelf(shelf).GetValueOrDefault(key) is { } dependent)
            {
                CollectIfOrphaned(shelf, dependent);
            }
        }

        // A blocked owner may have waited for this one.
        foreach (JsonNode? owner in e.Object.Value.Items("metadata", "ownerReferences"))
        {
            if (FindOwner(owner, e.Object.Namespace) is var (type, found) && found.IsTerminating)
            {
                FinishForeground(type, found);
            }
        }

        if (e.Object.Namespace.Length > 0)
        {
            FinishNamespace(e.Object.Namespace);
            if (e.Shelf is "/serviceaccounts" or "/configmaps" && e.Object.Name is "default" or "kube-root-ca.crt")
            {
                namespaces.Provide(e.Object.Namespace);
            }
        }

        if (e.Shelf == "apiextensions.k8s.io/customresourcedefinitions")
        {
            string shelf = $"{e.Object.Value.Text("spec", "group")}/{e.Object.Value.Text("spec", "names", "plural")}";
            foreach (StoredObject stored in store.Shelf(shelf).Values)
            {
                store.Remove(shelf, stored);
            }
        }
    }

    private void Terminating(StoreEvent e)
    {
        if (e.Shelf == "/namespaces")
        {
            Empty(e.Object.Name);
            FinishNamespace(e.Object.Name);
            return;
        }

        ResourceType? type = TypeOf(e.Shelf);
        if (type is null)
        {
            return;
        }

        if (HasFinalizer(e.Object, Orphan))
        {
            foreach ((string shelf, string key) in dependents.Of(e.Object.Uid))
            {
                Release(shelf, key, e.Object.Uid);
            }

            DropFinalizer(type, e.Object, Orphan);
        }
        else if (HasFinalizer(e.Object, Foreground))
        {
            foreach ((string shelf, string key) in dependents.Of(e.Object.Uid))
            {
                if (store.Shelf(shelf).GetValueOrDefault(key) is { IsTerminating: false } dependent)
                {
                    Delete(shelf, dependent, Foreground);
                }
            }

            FinishForeground(type, e.Object);
        }
    }

    /// <summary>Deletes a dependent none of whose owners is left; references to owners of another uid count as left behind.</summary>
    private void CollectIfOrphaned(string shelf, StoredObject stored)
    {
        JsonNode?[] owners = [.. stored.Value.Items("metadata", "ownerReferences")];
        if (owners.Length > 0 && owners.All(o => IsGone(o, stored.Namespace)))
        {
            Delete(shelf, stored, "Background");
        }
    }

    private bool IsGone(JsonNode? owner, string ns)
    {
        ResourceType? type = catalog.Current.FindKind(owner.Text("apiVersion") ?? "", owner.Text("kind") ?? "");
        // A kind that is not served may be served later: such owners are never taken for gone.
        return type is not null && FindOwner(owner, ns) is null;
    }

    private (ResourceType Type, StoredObject Found)? FindOwner(JsonNode? owner, string ns)
    {
        ResourceType? type = catalog.Current.FindKind(owner.Text("apiVersion") ?? "", owner.Text("kind") ?? "");
        if (type is null)
        {
            return null;
        }

        StoredObject? found = store.Find(type.Shelf, type.Namespaced ? ns : "", owner.Text("name") ?? "");
        return found is not null && found.Uid == owner.Text("uid") ? (type, found) : null;
    }

    private void FinishForeground(ResourceType type, StoredObject owner)
    {
        if (!HasFinalizer(owner, Foreground))
        {
            return;
        }

        bool blocked = dependents.Of(owner.Uid).Any(d => store.Shelf(d.Shelf).GetValueOrDefault(d.Key)?.Value
            .Items("metadata", "ownerReferences").Any(o => o.Text("uid") == owner.Uid && o.Flag("blockOwnerDeletion")) == true);
        if (!blocked)
        {
            DropFinalizer(type, owner, Foreground);
        }
    }

    private void Empty(string ns)
    {
        foreach (ResourceType type in catalog.Current.Stored.Where(t => t.Namespaced))
        {
            foreach (StoredObject stored in store.Shelf(type.Shelf).Values.Where(s => s.Namespace == ns && !s.IsTerminating))
            {
                Delete(type.Shelf, stored, "Background");
            }
        }
    }

    private void FinishNamespace(string ns)
    {
        if (store.Find("/namespaces", "", ns) is not { IsTerminating: true } found
            || catalog.Current.Stored.Any(t => t.Namespaced && store.Shelf(t.Shelf).Values.Any(s => s.Namespace == ns)))
        {
            return;
        }

        JsonObject value = found.Value.Copy();
        value.Ensure("spec").Remove("finalizers");
        if (value.Items("metadata", "finalizers").Any())
        {
            store.Replace("/namespaces", found, value);
        }
        else
        {
            store.Remove("/namespaces", found);
        }
    }

    private void Delete(string shelf, StoredObject stored, string propagation)
    {
        if (TypeOf(shelf) is not { } type)
        {
            return;
        }

        try
        {
            deleter.Delete(type, stored, new DeleteOptions { Propagation = propagation, Uid = stored.Uid });
        }
        catch (ApiException e) when (e.Code is 404 or 409)
        {
            // Gone already, or another object of that name.
        }
    }

    private void DropFinalizer(ResourceType type, StoredObject stored, string finalizer)
    {
        for (StoredObject? now = stored; now is not null; now = store.Find(type.Shelf, stored.Namespace, stored.Name))
        {
            if (now.Uid != stored.Uid || !HasFinalizer(now, finalizer))
            {
                return;
            }

            JsonObject value = now.Value.Copy();
            value.Meta()["finalizers"] = JsonPaths.ArrayOf(value.Items("metadata", "finalizers").Select(f => f.Plain()!).Where(f => f != finalizer));
            bool last = !Finalizers.Remain(value) && Finalizers.GraceOver(value);
            if ((last ? store.Remove(type.Shelf, now) : store.Replace(type.Shelf, now, value)) is not null)
            {
                return;
            }
        }
    }

    private void Release(string shelf, string key, string ownerUid)
    {
        while (store.Shelf(shelf).GetValueOrDefault(key) is { } stored)
        {
            JsonObject value = stored.Value.Copy();
            value.Meta()["ownerReferences"] = new JsonArray([.. value.Items("metadata", "ownerReferences").Where(o => o.Text("uid") != ownerUid).Select(o => o?.DeepClone())]);
            if (value.Items("metadata", "ownerReferences").Any() is false)
            {
                value.Meta().Remove("ownerReferences");
            }

            if (store.Replace(shelf, stored, value) is not null)
            {
                return;
            }
        }
    }

    private ResourceType? TypeOf(string shelf) => catalog.Current.OfShelf(shelf);

    private static bool HasFinalizer(StoredObject stored, string finalizer) =>
        stored.Value.Items("metadata", "finalizers").Any(f => f.Plain() == finalizer);

    [LoggerMessage(EventId = 1, EventName = "CollectingFailed", Level = LogLevel.Error, Message = "Following a change of {Shelf} {Key} failed")]
    private static partial void HandlingFailed(ILogger logger, Exception error, string shelf, string key);
}
