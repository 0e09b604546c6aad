namespace Ambient.Policy.Tokens.Keys;

/// <summary>Keeps one object that only one thread may use at a time; who finds none makes one of its own.</summary>
internal sealed class Spare<T>(Func<T> make) where T : class, IDisposable
{
    // Made at once, so that a key that the platform refuses is found when it is read.
    private T? _spare = make();

    public T Take() => Interlocked.Exchange(ref _spare, null) ?? make();

    public void Return(T used)
    {
        if (Interlocked.CompareExchange(ref _spare, used, null) is not null)
        {
            used.Dispose();
        }
    }
}
