namespace Ambient.Hbone.Http2.Guarding;

/// <summary>When to send PING and when the peer counts as dead. Called by the connection's timer; <see cref="OnPong"/> by the reading thread.</summary>
internal sealed class KeepAlive
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _timeout;
    private long _since;
    private int _waiting;

    public KeepAlive(TimeProvider time, TimeSpan interval, TimeSpan timeout)
    {
        _time = time;
        _interval = interval;
        _timeout = timeout;
        _since = time.GetTimestamp();
    }

    public enum Action
    {
        None,
        SendPing,
        Dead,
    }

    public Action Tick()
    {
        TimeSpan elapsed = _time.GetElapsedTime(Volatile.Read(ref _since));
        if (Volatile.Read(ref _waiting) != 0)
        {
            return elapsed >= _timeout ? Action.Dead : Action.None;
        }

        if (elapsed < _interval)
        {
            return Action.None;
        }

        Volatile.Write(ref _since, _time.GetTimestamp());
        Volatile.Write(ref _waiting, 1);
        return Action.SendPing;
    }

    public void OnPong()
    {
        Volatile.Write(ref _since, _time.GetTimestamp());
        Volatile.Write(ref _waiting, 0);
    }
}
