using Microsoft.Extensions.Logging;

namespace Ambient.Lab.Commands;

/// <summary>Warnings of the lab as lines among its output.</summary>
internal sealed class LabLogging(TextWriter output, TimeProvider time) : ILoggerFactory, ILogger
{
    private readonly Lock gate = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            lock (gate)
            {
                output.WriteLine($"{time.GetLocalNow():HH:mm:ss} {formatter(state, exception)}");
            }
        }
    }
}
