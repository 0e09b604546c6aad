namespace Ambient.Hbone.Relay;

/// <summary>Bytes relayed so far. Each field has one writer; readers of any thread see live values.</summary>
public sealed class RelayCounters
{
    private long _fromApp;
    private long _toApp;

    /// <summary>Bytes read from the first party (the application) and handed to the second.</summary>
    public long FromApp => Volatile.Read(ref _fromApp);

    /// <summary>Bytes handed to the first party.</summary>
    public long ToApp => Volatile.Read(ref _toApp);

    internal void AddFromApp(long bytes) => Volatile.Write(ref _fromApp, _fromApp + bytes);

    internal void AddToApp(long bytes) => Volatile.Write(ref _toApp, _toApp + bytes);
}
