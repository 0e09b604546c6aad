namespace Ambient.Kube.Watching;

internal sealed class InformerHandler<T>(Action<T>? added, Action<T, T>? updated, Action<T>? deleted) : IInformerHandler<T>
{
    public void Added(T item) => added?.Invoke(item);

    public void Updated(T old, T item) => updated?.Invoke(old, item);

    public void Deleted(T item) => deleted?.Invoke(item);
}
