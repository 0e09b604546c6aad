namespace Ambient.Kube.Watching;

/// <summary>Where a reflector puts what it sees. Called by one thread at a time.</summary>
public interface IReflectorStore<in T>
{
    /// <summary>The whole state: what is not in it is gone.</summary>
    void Replace(IReadOnlyList<T> items);

    void Put(T item);

    /// <summary>The object as it was last.</summary>
    void Remove(T item);
}
