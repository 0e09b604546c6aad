using Microsoft.Extensions.Logging;

namespace Ambient.Lab.Tests.Clusters;

/// <summary>Warnings of the lab, where a failed run shows them.</summary>
internal sealed class StderrLogger : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Console.Error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff} {formatter(state, exception)} {exception}");
}
