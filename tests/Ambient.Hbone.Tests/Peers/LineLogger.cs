using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ambient.Hbone.Tests.Peers;

internal sealed class LineLogger : ILogger
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(formatter(state, exception));

    public override string ToString() => string.Join(Environment.NewLine, _lines);
}
