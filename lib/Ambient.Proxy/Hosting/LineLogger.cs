using System.Globalization;
using System.Text.Json;
using Ambient.Proxy.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Proxy.Hosting;

/// <summary>Log lines to standard error, with a level that can be changed while running.</summary>
internal sealed class LineLogger(LogLevel level, bool json, TextWriter output, TimeProvider time) : ILoggerFactory, ILoggerProvider
{
    private readonly Lock _gate = new();
    private volatile int _level = (int)level;

    internal LogLevel Level
    {
        get => (LogLevel)_level;
        set => _level = (int)value;
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("there is one output");

    public void Dispose()
    {
    }

    private void Write(string category, LogLevel level, string message, Exception? exception)
    {
        string now = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        string text = exception is null ? message : $"{message}: {exception}";
        string line = json
            ? $"{{\"time\":\"{now}\",\"level\":\"{Name(level)}\",\"scope\":{Quoted(category)},\"message\":{Quoted(text)}}}"
            : $"{now} {Name(level)} {category} {text}";
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text, LogJson.Default.String);

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error or LogLevel.Critical => "error",
        LogLevel.None => "none",
        _ => "unknown",
    };

    private sealed class Category(LineLogger owner, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= owner.Level && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                owner.Write(name, logLevel, formatter(state, exception), exception);
            }
        }
    }
}
