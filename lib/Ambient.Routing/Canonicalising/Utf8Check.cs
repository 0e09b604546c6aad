namespace Ambient.Routing.Canonicalising;

/// <summary>Takes the bytes of escapes one by one and says whether they can still be UTF-8 (RFC 3629 §4): no overlong forms, no surrogates.</summary>
internal struct Utf8Check
{
    public const string Reason = "the path has escapes that are not UTF-8";

    private const int Never = int.MaxValue;

    private int _missing;
    private int _low;
    private int _high;

    /// <summary>A character has begun and not ended.</summary>
    public readonly bool IsOpen => _missing > 0;

    public bool Take(byte value)
    {
        if (_missing > 0)
        {
            bool fits = value >= _low && value <= _high;
            _missing--;
            (_low, _high) = (0x80, 0xBF);
            return fits;
        }

        (_missing, _low, _high) = value switch
        {
            < 0x80 => (0, 0, 0),
            >= 0xC2 and <= 0xDF => (1, 0x80, 0xBF),
            0xE0 => (2, 0xA0, 0xBF),
            0xED => (2, 0x80, 0x9F),
            >= 0xE1 and <= 0xEF => (2, 0x80, 0xBF),
            0xF0 => (3, 0x90, 0xBF),
            >= 0xF1 and <= 0xF3 => (3, 0x80, 0xBF),
            0xF4 => (3, 0x80, 0x8F),
            _ => (Never, 0, 0),
        };
        return _missing != Never;
    }
}
