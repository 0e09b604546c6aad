using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>The verbs on one kind. Every method throws <see cref="KubeException"/> when the server refuses.</summary>
public sealed class ResourceClient<T>
    where T : class
{
    private readonly KubeClient _client;
    private readonly ImmutableArray<string> _versions;

    internal ResourceClient(KubeClient client, GroupKind kind, ImmutableArray<string> versions, ObjectCodec<T> codec)
    {
        _client = client;
        Kind = kind;
        _versions = versions;
        Codec = codec;
    }

    public GroupKind Kind { get; }

    public ObjectCodec<T> Codec { get; }

    /// <summary>Where the server has the kind; <see cref="NotServedException"/> when nowhere.</summary>
    public async ValueTask<ApiResource> DescribeAsync(CancellationToken cancellation = default) =>
        await _client.Discovery.FindAsync(Kind, _versions, cancellation) ?? throw new NotServedException(Kind);

    public async Task<T> GetAsync(string? @namespace, string name, CancellationToken cancellation = default)
    {
        ApiResource resource = await DescribeAsync(cancellation);
        return await OneAsync(KubeRequest.Get(resource.Path(@namespace, name)), resource, cancellation);
    }

    /// <summary>Null when there is no such object.</summary>
    public async Task<T?> FindAsync(string? @namespace, string name, CancellationToken cancellation = default)
    {
        try
        {
            return await GetAsync(@namespace, name, cancellation);
        }
        catch (KubeException e) when (e.IsNotFound && e is not NotServedException)
        {
            return null;
        }
    }

    /// <summary>One request: everything, or one page when <see cref="ListOptions.Limit"/> is set.</summary>
    public async Task<KubeList<T>> ListPageAsync(string? @namespace, ListOptions options, CancellationToken cancellation = default)
    {
        ApiResource resource = await DescribeAsync(cancellation);
        using HttpResponseMessage response = await _client.Transport.SendAsync(
            KubeRequest.Get(resource.Path(@namespace) + RequestQuery.Of(options)), cancellation);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        KubeList<T> list = await Codec.ReadListAsync(body, cancellation);
        return list with { Items = [.. list.Items.Select(item => Codec.WithType(item, resource.Type))] };
    }

    /// <summary>All pages, of all namespaces when none is given; a continue token that expired midway starts again without pages.</summary>
    public async Task<KubeList<T>> ListAsync(
        string? @namespace = null, ListOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= ListOptions.None;
        var items = new List<T>();
        ListOptions page = options;
        while (true)
        {
            try
            {
                KubeList<T> list = await ListPageAsync(@namespace, page, cancellation);
                items.AddRange(list.Items);
                if (string.IsNullOrEmpty(list.Metadata.Continue))
                {
                    return list with { Items = items };
                }

                page = page with { Continue = list.Metadata.Continue, ResourceVersion = null };
            }
            catch (KubeException e) when (e.IsExpired && page.Continue is not null)
            {
                items.Clear();
                page = options with { Limit = null, Continue = null };
            }
        }
    }

    /// <summary>Events until the server ends the watch; throws on ERROR events, faults and silence.</summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        string? @namespace = null, WatchOptions? options = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        options ??= new WatchOptions();
        ApiResource resource = await DescribeAsync(cancellation);
        using HttpResponseMessage response = await _client.Transport.SendAsync(
            KubeRequest.Get(resource.Path(@namespace) + RequestQuery.Of(options)) with { Streaming = true }, cancellation);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        await using var lines = new WatchLines(body, _client.Options.MaxEventBytes, options.IdleTimeout, _client.Time);
        while (await lines.NextAsync(cancellation))
        {
            (WatchEventType type, T value) = WatchFrame.Read(lines.Current.Span, Codec);
            yield return new WatchEvent<T>(type, Codec.WithType(value, resource.Type));
        }
    }

    public async Task<T> CreateAsync(T value, string? fieldManager = null, CancellationToken cancellation = default)
    {
        ApiResource resource = await DescribeAsync(cancellation);
        byte[] body = Codec.Write(Codec.WithType(value, resource.Type));
        string path = resource.Path(Codec.NamespaceOf(value)) + RequestQuery.FieldManager(fieldManager);
        return await OneAsync(KubeRequest.Post(path, body), resource, cancellation);
    }

    /// <summary>PUT: fails with a conflict when the object's resourceVersion is set and no longer current.</summary>
    public Task<T> ReplaceAsync(T value, string? fieldManager = null, CancellationToken cancellation = default) =>
        PutAsync(value, null, fieldManager, cancellation);

    public Task<T> ReplaceStatusAsync(T value, string? fieldManager = null, CancellationToken cancellation = default) =>
        PutAsync(value, "status", fieldManager, cancellation);

    public Task<T> PatchAsync(string? @namespace, string name, Patch patch, CancellationToken cancellation = default) =>
        PatchAsync(@namespace, name, null, patch, cancellation);

    public Task<T> PatchStatusAsync(string? @namespace, string name, Patch patch, CancellationToken cancellation = default) =>
        PatchAsync(@namespace, name, "status", patch, cancellation);

    /// <summary>Server-side apply of a whole object, created when it is not there.</summary>
    public async Task<T> ApplyAsync(T value, string fieldManager, bool force = false, CancellationToken cancellation = default)
    {
        ApiResource resource = await DescribeAsync(cancellation);
        var body = (JsonObject)JsonNode.Parse(Codec.Write(Codec.WithType(value, resource.Type)))!;
        (body["metadata"] as JsonObject)?.Remove("managedFields");
        return await PatchAsync(Codec.NamespaceOf(value), Codec.NameOf(value), Patch.Apply(body, fieldManager, force), cancellation);
    }

    public async Task DeleteAsync(string? @namespace, string name, DeleteOptions? options = null, CancellationToken cancellation = default)
    {
        ApiResource resource = await DescribeAsync(cancellation);
        var request = new KubeRequest(HttpMethod.Delete, resource.Path(@namespace, name))
        {
            Body = ObjectCodec.Dynamic.Write((options ?? new DeleteOptions()).ToJson()),
            ContentType = "application/json",
        };
        (await _client.Transport.SendAsync(request, cancellation)).Dispose();
    }

    private async Task<T> PutAsync(T value, string? subresource, string? fieldManager, CancellationToken cancellation)
    {
        ApiResource resource = await DescribeAsync(cancellation);
        string path = resource.Path(Codec.NamespaceOf(value), Codec.NameOf(value), subresource) + RequestQuery.FieldManager(fieldManager);
        var request = new KubeRequest(HttpMethod.Put, path)
        {
            Body = Codec.Write(Codec.WithType(value, resource.Type)),
            ContentType = "application/json",
        };
        return await OneAsync(request, resource, cancellation);
    }

    private async Task<T> PatchAsync(string? @namespace, string name, string? subresource, Patch patch, CancellationToken cancellation)
    {
        ApiResource resource = await DescribeAsync(cancellation);
        var request = new KubeRequest(HttpMethod.Patch, resource.Path(@namespace, name, subresource) + RequestQuery.Of(patch))
        {
            Body = System.Text.Encoding.UTF8.GetBytes(patch.Body.ToJsonString()),
            ContentType = patch.ContentType,
        };
        return await OneAsync(request, resource, cancellation);
    }

    private async Task<T> OneAsync(KubeRequest request, ApiResource resource, CancellationToken cancellation) =>
        Codec.WithType(Codec.Read(await _client.Transport.ReadAsync(request, cancellation)), resource.Type);
}
