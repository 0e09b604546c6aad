using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>Short forms for kinds that have a C# type.</summary>
public static class KubeClientVerbs
{
    extension(KubeClient client)
    {
        public Task<T> GetAsync<T>(string? @namespace, string name, CancellationToken cancellation = default)
            where T : class, IKubeObject<T> => client.Resource<T>().GetAsync(@namespace, name, cancellation);

        public Task<T?> FindAsync<T>(string? @namespace, string name, CancellationToken cancellation = default)
            where T : class, IKubeObject<T> => client.Resource<T>().FindAsync(@namespace, name, cancellation);

        public Task<KubeList<T>> ListAsync<T>(
            string? @namespace = null, ListOptions? options = null, CancellationToken cancellation = default)
            where T : class, IKubeObject<T> => client.Resource<T>().ListAsync(@namespace, options, cancellation);

        public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
            string? @namespace = null, WatchOptions? options = null, CancellationToken cancellation = default)
            where T : class, IKubeObject<T> => client.Resource<T>().WatchAsync(@namespace, options, cancellation);

        public Task<T> CreateAsync<T>(T value, CancellationToken cancellation = default)
            where T : class, IKubeObject<T> => client.Resource<T>().CreateAsync(value, null, cancellation);

        public Task<T> ReplaceAsync<T>(T value, CancellationToken cancellation = default)
            where T : class, IKubeObject<T> => client.Resource<T>().ReplaceAsync(value, null, cancellation);

        public Task<T> ApplyAsync<T>(T value, string fieldManager, bool force = false, CancellationToken cancellation = default)
            where T : class, IKubeObject<T> => client.Resource<T>().ApplyAsync(value, fieldManager, force, cancellation);

        public Task DeleteAsync<T>(
            string? @namespace, string name, DeleteOptions? options = null, CancellationToken cancellation = default)
            where T : class, IKubeObject<T> => client.Resource<T>().DeleteAsync(@namespace, name, options, cancellation);
    }
}
