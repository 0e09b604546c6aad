namespace Ambient.Kube.Watching;

/// <summary>
/// Hears of changes, in order, on the informer's own task: put the key in a queue and return. An exception is logged and
/// does not stop the informer.
/// </summary>
public interface IInformerHandler<in T>
{
    void Added(T item);

    void Updated(T old, T item);

    void Deleted(T item);
}
