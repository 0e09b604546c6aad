using System.Globalization;

namespace Ambient.Policy.Telemetry.Expressions;

/// <summary>A value in an expression.</summary>
public readonly record struct Value
{
    private readonly string? _text;
    private readonly double _number;

    private Value(ValueKind kind, string? text, double number)
    {
        Kind = kind;
        _text = text;
        _number = number;
    }

    public static Value Absent => default;

    public ValueKind Kind { get; }

    internal bool IsTrue => _number != 0;

    internal double Number => _number;

    internal string Text => _text ?? "";

    public static Value Of(bool value) => new(ValueKind.Bool, null, value ? 1 : 0);

    public static Value Of(double value) => new(ValueKind.Number, null, value);

    /// <summary>Null is absent.</summary>
    public static Value Of(string? value) => value is null ? default : new(ValueKind.Text, value, 0);

    public static Value Of(TimeSpan value) => new(ValueKind.Duration, null, value.TotalSeconds);

    /// <summary>As a label's or a tag's value; null when absent.</summary>
    public override string? ToString() => Kind switch
    {
        ValueKind.Bool => IsTrue ? "true" : "false",
        ValueKind.Number => _number.ToString("R", CultureInfo.InvariantCulture),
        ValueKind.Duration => _number.ToString("R", CultureInfo.InvariantCulture) + "s",
        ValueKind.Text => _text,
        _ => null,
    };
}
